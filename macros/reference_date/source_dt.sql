{#- The reference date as a Python date. -#}
{% macro reference_day() -%}
    {%- set given = var('source_dt', '') | string | trim -%}
    {%- if given in ['', 'None'] -%}
        {{ return(run_started_at.date()) }}
    {%- elif not modules.re.match('^\d{4}-\d{2}-\d{2}$', given) -%}
        {{ exceptions.raise_compiler_error(
            "var source_dt is '" ~ given ~ "'; expected a date written YYYY-MM-DD") }}
    {%- endif -%}
    {{ return(modules.datetime.datetime.strptime(given, '%Y-%m-%d').date()) }}
{%- endmacro %}

{#- The reference date as a SQL date: the last day that is built. -#}
{% macro source_dt() -%}
    cast('{{ reference_day() }}' as date)
{%- endmacro %}

{#- The first instant that is not built any more: the midnight that ends the reference date. -#}
{% macro source_dt_end() -%}
    cast('{{ reference_day() + modules.datetime.timedelta(days=1) }}' as timestamp)
{%- endmacro %}
