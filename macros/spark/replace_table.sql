{#- Puts a table in the place of another. Spark adds to a table of files or overwrites whole partitions of
    it, and knows neither transactions nor deletes: what is to be rewritten may be anywhere, so that the
    table is made anew of the rows that stay and those that came. Readers may find none for a moment. -#}
{% macro replace_table(relation, select) -%}
    {%- set made = relation.incorporate(path={'identifier': relation.identifier ~ '__made'}, type='table') -%}
    {%- do adapter.drop_relation(made) -%}
    {%- call statement('main') -%} {{ create_table_as(false, made, select) }} {%- endcall -%}
    {%- do adapter.drop_relation(relation) -%}
    {%- do adapter.rename_relation(made, relation) -%}
{%- endmacro %}
