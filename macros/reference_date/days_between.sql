{#- From one timestamp to another, in days, fractional: seconds / 86400. -#}
{% macro days_between(start, end) -%}
    cast(extract(epoch from ({{ end }} - {{ start }})) as double precision) / 86400
{%- endmacro %}
