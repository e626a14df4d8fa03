{#- From one date to another, in days. -#}
{% macro whole_days_between(start, end) -%}
    {{ return(adapter.dispatch('whole_days_between')(start, end)) }}
{%- endmacro %}

{% macro default__whole_days_between(start, end) -%} {{ end }} - {{ start }} {%- endmacro %}

{% macro spark__whole_days_between(start, end) -%} datediff({{ end }}, {{ start }}) {%- endmacro %}
