{#- A text as SQL writes it, whatever is in it. -#}
{% macro text_literal(given) -%}
    cast('{{ given | string | replace("'", "''") }}' as text)
{%- endmacro %}
