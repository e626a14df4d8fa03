{#- The first day of the fiscal quarter or year that holds a timestamp; `period` is quarter or year. -#}
{% macro fiscal_period(period, column) -%}
    {%- set shift = "cast('" ~ (whole_number_var('fiscal_year_start_month', 1, 12) - 1)
        ~ " months' as interval)" -%}
    cast(date_trunc('{{ period }}', {{ column }} - {{ shift }}) + {{ shift }} as timestamp)
{%- endmacro %}
