{#- From one timestamp to another, in days, fractional: seconds / 86400. -#}
{% macro days_between(start, end) -%}
    {{ return(adapter.dispatch('days_between')(start, end)) }}
{%- endmacro %}

{% macro default__days_between(start, end) -%}
    cast(extract(epoch from ({{ end }} - {{ start }})) as double precision) / 86400
{%- endmacro %}

{% macro spark__days_between(start, end) -%}
    cast(
        unix_micros(cast({{ end }} as timestamp)) - unix_micros(cast({{ start }} as timestamp)) as double
    ) / 86400000000
{%- endmacro %}
