{#- Models name types as the standard and the other engines do; Spark has names of its own for two. -#}
{% macro in_spark_types(sql) -%}
    {%- set sql = modules.re.sub('as text[)]', 'as string)', sql) -%}
    {{ return(modules.re.sub('as double precision[)]', 'as double)', sql)) }}
{%- endmacro %}

{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {{ return(dbt.spark__create_table_as(
        temporary, relation, in_spark_types(compiled_code), language
    )) }}
{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
    {{ return(dbt.spark__create_view_as(relation, in_spark_types(sql))) }}
{%- endmacro %}
