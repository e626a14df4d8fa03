{#- First day of the last month that is over by the reference date, whose own month is on its last day. -#}
{% macro last_full_month() -%}
    {%- set tomorrow = reference_day() + modules.datetime.timedelta(days=1) -%}
    {%- set last = tomorrow.replace(day=1) - modules.datetime.timedelta(days=1) -%}
    cast('{{ last.replace(day=1) }}' as date)
{%- endmacro %}
