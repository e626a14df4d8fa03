{#- The texts of a group joined by a separator, in the order of their bytes. -#}
{% macro joined_texts(column, separator) -%}
    {{ return(adapter.dispatch('joined_texts')(column, separator)) }}
{%- endmacro %}

{% macro default__joined_texts(column, separator) -%}
    string_agg({{ column }}, '{{ separator }}' order by {{ by_bytes(column) }})
{%- endmacro %}

{% macro spark__joined_texts(column, separator) -%}
    listagg({{ column }}, '{{ separator }}') within group (order by {{ column }})
{%- endmacro %}
