{#- One row an element of a JSON list. -#}
{% macro json_elements(column) -%}
    {{ return(adapter.dispatch('json_elements')(column)) }}
{%- endmacro %}

{% macro default__json_elements(column) -%}
    json_array_elements(cast({{ column }} as json))
{%- endmacro %}

{% macro duckdb__json_elements(column) -%}
    unnest(cast({{ column }} as json[]))
{%- endmacro %}

{% macro spark__json_elements(column) -%}
    explode(from_json({{ column }}, 'array<string>'))
{%- endmacro %}
