{#- First day of the last month that was over before the reference date's own began. The month of the
    reference date is the running one, even on its last day. -#}
{% macro last_full_month() -%}
    {%- set first = reference_day().replace(day=1) - modules.datetime.timedelta(days=1) -%}
    cast('{{ first.replace(day=1) }}' as date)
{%- endmacro %}
