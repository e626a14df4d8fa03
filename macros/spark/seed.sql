{#- Seeds on Spark. dbt's own binds a missing value as the text None, and a number by way of a double. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.append(name ~ ' ' ~ spark_seed_type(model, agate_table, loop.index0, name)) -%}
    {%- endfor -%}
    {%- set sql -%}
        create table {{ this.render() }} ({{ columns | join(', ') }}) using parquet
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set values = [] -%}
        {%- for value in row -%}
            {%- set type = spark_seed_type(model, agate_table, loop.index0, agate_table.column_names[loop.index0]) -%}
            {%- do values.append(
                'cast(' ~ ('null' if value is none else spark__text_literal(value)) ~ ' as ' ~ type ~ ')'
            ) -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' values ' ~ rows | join(', ') -%}
    {%- if rows -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{#- The type of a seed's column: as its yml says, in Spark's words. -#}
{% macro spark_seed_type(model, agate_table, position, name) -%}
    {%- set given = (model['config'].get('column_types') or {}).get(name) -%}
    {%- set type = given or adapter.convert_type(agate_table, position) -%}
    {{ return('string' if type == 'text' else type) }}
{%- endmacro %}
