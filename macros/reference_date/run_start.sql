{#- When this run of dbt began, UTC. -#}
{% macro run_start() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp)
{%- endmacro %}
