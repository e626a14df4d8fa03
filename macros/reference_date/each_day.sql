{#- In a select list: one row a day from one midnight to another, both included. -#}
{% macro each_day(first, last) -%}
    {{ return(adapter.dispatch('each_day')(first, last)) }}
{%- endmacro %}

{% macro default__each_day(first, last) -%}
    generate_series({{ first }}, {{ last }}, interval '1 day')
{%- endmacro %}

{% macro duckdb__each_day(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}, interval '1 day'))
{%- endmacro %}

{% macro spark__each_day(first, last) -%}
    explode(sequence({{ first }}, {{ last }}, interval 1 day))
{%- endmacro %}
