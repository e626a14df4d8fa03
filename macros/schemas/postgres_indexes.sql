{#- Indexes of a model on PostgreSQL, one for each list of columns. DuckDB reads whole columns quickly
    and would pay for an index on every write. -#}
{% macro postgres_indexes() -%}
    {%- set indexes = [] -%}
    {%- if target.type == 'postgres' -%}
        {%- for columns in varargs -%}
            {%- do indexes.append({'columns': columns}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(indexes) }}
{%- endmacro %}
