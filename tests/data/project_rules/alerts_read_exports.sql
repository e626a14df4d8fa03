-- An alert looks at what the reports show: it reads exports, and nothing else.

{%- set found = [] %}
{%- for alert in project_nodes('nodes')
    if alert.resource_type == 'test' and 'alert' in alert.config.tags %}
    {%- for parent in alert.depends_on.nodes %}
        {%- set node = graph.nodes.get(parent, graph.sources.get(parent)) %}
        {%- if node.resource_type != 'model' or node.fqn[1] != 'exports' %}
            {%- do found.append({
                'what': 'the alert ' ~ alert.name ~ ' reads ' ~ node.name,
                'where': alert.original_file_path,
                'what_to_do': 'ask for it in a saved query and read that export'
            }) %}
        {%- endif %}
    {%- endfor %}
{%- endfor %}

{{ violations(found) }}
