-- A report reads exports and other reports, by ref(). Whatever else it read, it would work out a
-- KPI a second time.

{%- set found = [] %}
{%- for report in models_in_folder('reports') %}
    {%- for parent in report.depends_on.nodes %}
        {%- set node = graph.nodes.get(parent, graph.sources.get(parent)) %}
        {%- if node.resource_type != 'model' or node.fqn[1] not in ['exports', 'reports'] %}
            {%- do found.append({
                'what': 'the report ' ~ report.name ~ ' reads ' ~ node.name,
                'where': report.original_file_path,
                'what_to_do': 'ask for it in a saved query and read that export'
            }) %}
        {%- endif %}
    {%- endfor %}
    {#- A relation written out escapes the lineage; columns of the report's own CTEs do not. #}
    {%- set own = modules.re.findall('(?i)(\\w+)\\s+as\\s*\\(|\\bas\\s+(\\w+)', report.raw_code) %}
    {%- for written in modules.re.findall(
        '(?i)\\b(?:from|join)\\s+("?\\w+"?(?:\\."?\\w+"?)+)', report.raw_code)
        if written.split('.')[0] not in own | sum(start=()) %}
        {%- do found.append({
            'what': 'the report ' ~ report.name ~ ' reads ' ~ written ~ ' past ref()',
            'where': report.original_file_path,
            'what_to_do': 'read an export by ref()'
        }) %}
    {%- endfor %}
{%- endfor %}

{{ violations(found) }}
