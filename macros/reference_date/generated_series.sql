{#- In a FROM: the numbers or times from one to another, both included, as generate_series. -#}
{% macro generated_series(first, last, step=none) -%}
    {{ return(adapter.dispatch('generated_series')(first, last, step)) }}
{%- endmacro %}

{% macro default__generated_series(first, last, step) -%}
    generate_series({{ first }}, {{ last }} {%- if step %}, interval '{{ step }}' {%- endif %})
{%- endmacro %}

{% macro spark__generated_series(first, last, step) -%}
    explode(sequence({{ first }}, {{ last }} {%- if step %}, interval '{{ step }}' {%- endif %}))
    as series (generate_series)
{%- endmacro %}
