{#- Whether a period of so many months is over, by its first day. The reference date counts whole, so
    that a period is over on its last day: in marts, reports, alerts and texts alike. -#}
{% macro is_over(first_day, months) -%}
    {{ first_day }} + interval '{{ months }} months' <= {{ source_dt_end() }}
{%- endmacro %}
