{#- A text as SQL writes it, whatever is in it. -#}
{% macro text_literal(given) -%}
    {{ return(adapter.dispatch('text_literal')(given)) }}
{%- endmacro %}

{% macro default__text_literal(given) -%}
    cast('{{ given | string | replace("'", "''") }}' as text)
{%- endmacro %}

{% macro spark__text_literal(given) -%}
    cast('{{ given | string | replace("\\", "\\\\") | replace("'", "\\'") }}' as string)
{%- endmacro %}
