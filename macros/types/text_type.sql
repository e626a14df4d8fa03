{#- What a warehouse calls the type of texts of any length. -#}
{% macro text_type() -%}
    {{ return(adapter.dispatch('text_type')()) }}
{%- endmacro %}

{% macro default__text_type() -%} {{ return('text') }} {%- endmacro %}

{% macro spark__text_type() -%} {{ return('string') }} {%- endmacro %}
