{#- A number that stands for the values of a row; sums of it stand for sets of rows, in any order. -#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash')(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    hashtextextended(cast(row({{ columns | join(', ') }}) as text), 0)
{%- endmacro %}

{% macro duckdb__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{#- Of a struct as JSON, which tells apart which column has no value. -#}
{% macro spark__row_hash(columns) -%}
    cast(xxhash64(to_json(struct({{ columns | join(', ') }}))) as decimal(38, 0))
{%- endmacro %}
