{#- Plain schema names (marts, reports) where the target has the database to itself; elsewhere they
    start with the target's own schema, so that developers do not meet: dev_ana_marts. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.name in ['duckdb', 'prod', 'spark'] -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
