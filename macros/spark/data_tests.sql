{#- Data tests name types as models do. -#}
{% macro spark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ return(dbt.default__get_test_sql(in_spark_types(main_sql), fail_calc, warn_if, error_if, limit)) }}
{%- endmacro %}
