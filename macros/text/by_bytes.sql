{#- Text compared byte by byte, so that every engine and locale sorts it alike. -#}
{% macro by_bytes(column) -%}
    {{ return(adapter.dispatch('by_bytes')(column)) }}
{%- endmacro %}

{% macro default__by_bytes(column) -%} {{ column }} {%- endmacro %}

{% macro postgres__by_bytes(column) -%} {{ column }} collate "C" {%- endmacro %}
