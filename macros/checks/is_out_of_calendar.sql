{#- Whether a day or time lies outside the years 1900 to 2200. -#}
{% macro is_out_of_calendar(column) -%}
    ({{ column }} < '1900-01-01' or {{ column }} >= '2201-01-01')
{%- endmacro %}
