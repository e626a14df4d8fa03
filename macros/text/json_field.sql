{#- A field of an element of a JSON list, as text. -#}
{% macro json_field(element, name) -%}
    {{ return(adapter.dispatch('json_field')(element, name)) }}
{%- endmacro %}

{% macro default__json_field(element, name) -%} {{ element }} ->> '{{ name }}' {%- endmacro %}

{% macro spark__json_field(element, name) -%}
    get_json_object({{ element }}, '$.{{ name }}')
{%- endmacro %}
