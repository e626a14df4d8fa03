{#- What a warehouse calls the type of doubles. -#}
{% macro double_type() -%}
    {{ return(adapter.dispatch('double_type')()) }}
{%- endmacro %}

{% macro default__double_type() -%} {{ return('double precision') }} {%- endmacro %}

{% macro spark__double_type() -%} {{ return('double') }} {%- endmacro %}
