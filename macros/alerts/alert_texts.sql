{#- A fraction as people read it, without its sign: 12.5 %. -#}
{% macro unsigned_percent_text(column) -%}
    cast(round(cast(abs({{ column }}) * 100 as numeric(18, 3)), 1) as {{ text_type() }}) || ' %'
{%- endmacro %}

{#- A month as text: 2024-11. -#}
{% macro month_text(column) -%}
    substring(cast({{ column }} as {{ text_type() }}), 1, 7)
{%- endmacro %}
