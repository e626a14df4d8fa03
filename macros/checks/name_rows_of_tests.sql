{#- Names the first rows that failed and warning tests found, of at most 30 tests: their own messages give
    only numbers. Alerts keep their rows in tables of their own. -#}
{% macro name_rows_of_tests(results) -%}
    {%- if execute and flags.WHICH in ['build', 'test'] -%}
        {%- set found = [] -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ['warn', 'fail']
            and 'alert' not in result.node.tags and result.node.compiled_code -%}
            {%- do found.append(result.node) -%}
        {%- endfor -%}
        {%- for node in found[:30] -%}
            {%- set rows = run_query('select * from (' ~ node.compiled_code ~ '\n) as found limit 3') -%}
            {%- for row in rows -%}
                {%- do log('  ' ~ node.name ~ ': ' ~ row_in_words(rows.column_names, row), info=true) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- A row as `column value, column value`; what is empty, or comes after twelve, is left out. -#}
{% macro row_in_words(names, row) -%}
    {%- set words = [] -%}
    {%- for name in names -%}
        {%- if row[loop.index0] is not none -%}
            {%- do words.append(name ~ ' ' ~ row[loop.index0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(words[:12] | join(', ')) }}
{%- endmacro %}
