{#- The first day of the running calendar month or quarter; `period` is month or quarter. -#}
{% macro running_period(period) -%}
    {%- set today = reference_day() -%}
    {%- set months_into_it = (today.month - 1) % 3 if period == 'quarter' else 0 -%}
    cast('{{ today.replace(day=1, month=today.month - months_into_it) }}' as date)
{%- endmacro %}
