{#- Masks a person's name for show: each word's first letter and three stars; punctuation stays.
    A word is whatever is neither space nor ASCII punctuation, so that letters like ü do not split
    it, on every engine and in every locale (\w would). -#}
{% macro mask_name(column) -%}
    {{ return(adapter.dispatch('mask_name')(column)) }}
{%- endmacro %}

{% macro default__mask_name(column) -%}
    regexp_replace(
        {{ column }}, '([^[:space:][:punct:]])([^[:space:][:punct:]]|_)*', '\1***', 'g'
    )
{%- endmacro %}

{% macro postgres__mask_name(column) -%}
    {{ default__mask_name(column ~ ' collate "C"') }}
{%- endmacro %}

{% macro spark__mask_name(column) -%}
    regexp_replace(
        {{ column }}, '([^\\s\\p{Punct}])([^\\s\\p{Punct}]|_)*', '$1***'
    )
{%- endmacro %}
