{#- Stops a run early, with words, where a raw table lacks a column that its contract tests, such as an id;
    warns of others that the contract does not call optional, or says what is empty without them: staging
    reads those as NULL. -#}
{% macro require_raw_columns() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set missing = [] -%}
        {%- for source in graph.sources.values() -%}
            {%- set relation = adapter.get_relation(source.database, source.schema, source.identifier) -%}
            {%- set present = columns_by_folded_name(relation) if relation else none -%}
            {%- set empty = [] -%}
            {%- for column in source.columns.values()
                if present is not none and column.name | replace('_', '') not in present -%}
                {%- set load = column.config.get('meta', {}).get('load', {}) -%}
                {%- set words = relation.schema ~ '.' ~ relation.identifier ~ ' has no column ' ~ column.name -%}
                {%- if column.name in tested_columns(source.unique_id) -%}
                    {%- do missing.append(words) -%}
                {%- elif load.get('without') -%}
                    {%- do exceptions.warn(words ~ ': ' ~ load.without) -%}
                {%- elif not load.get('optional', false) -%}
                    {%- do empty.append(column.name) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if empty -%}
                {%- do exceptions.warn(relation.schema ~ '.' ~ relation.identifier ~ ' lacks columns, which count '
                    ~ 'as empty in every row: ' ~ empty | join(', ')) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                missing | join('; ') ~ '. Have the tool that lands the table bring the column, in '
                ~ 'snake_case or as the CRM spells it, or load files with metrics load.') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The columns of a source's table that tests look at, optional ones left out. -#}
{% macro tested_columns(source_id) -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'test' and node.column_name and source_id in node.depends_on.nodes -%}
        {%- do names.append(node.column_name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
