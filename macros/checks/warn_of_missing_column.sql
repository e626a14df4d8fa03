{#- Warns where a raw table is there and lacks a column that a var names: staging reads it as NULL. -#}
{% macro warn_of_missing_column(source_name, table_name, column_name, var_name='') -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set relation = source(source_name, table_name) -%}
        {%- set found = landed_relation(relation) -%}
        {%- set names = (adapter.get_columns_in_relation(found) if found else [])
            | map(attribute='name') | map('lower') | map('replace', '_', '') | list -%}
        {%- if found and column_name | lower | replace('_', '') not in names -%}
            {%- do exceptions.warn(
                relation.schema ~ '.' ~ relation.identifier ~ ' has no column ' ~ column_name
                ~ ', which ' ~ ('var ' ~ var_name if var_name else 'a var') ~ ' names: it counts as empty') -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
