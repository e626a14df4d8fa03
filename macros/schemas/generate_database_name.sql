{#- A model may name another database for prod; everywhere else all of it stays in the target's own. -#}
{% macro generate_database_name(custom_database_name, node) -%}
    {%- if custom_database_name is not none and target.name == 'prod' -%}
        {{ custom_database_name | trim }}
    {%- elif target.type == 'spark' -%}
        {#- It knows schemas only. -#}
        {{ return(none) }}
    {%- else -%}
        {{ target.database }}
    {%- endif -%}
{%- endmacro %}
