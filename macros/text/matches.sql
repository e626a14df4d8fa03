{#- Whether a text is of a form: a regular expression, quoted, in what all engines know of them. -#}
{% macro matches(text, form) -%}
    {{ return(adapter.dispatch('matches')(text, form)) }}
{%- endmacro %}

{% macro default__matches(text, form) -%} {{ return(text ~ ' ~ ' ~ form) }} {%- endmacro %}

{% macro spark__matches(text, form) -%} {{ return(text ~ ' rlike ' ~ form) }} {%- endmacro %}
