{#- The rows of a raw table under our names and types. Column names may be spelled as Salesforce's API does
    (StageName) or in snake_case; types may be text or native. A column that is not there is NULL; a
    table that is not there has no rows. Where a connector keeps every version of a record (Fivetran's
    history mode), only the current one is a row, or `every_version`. `columns` maps our names to kinds: those of raw_value;
    the model keeps them in its meta, where require_readable_values looks for them. -#}
{% macro raw_rows(source_name, table_name, columns, every_version=false) -%}
    {{ config(meta={'reads': {
        'source': source_name, 'table': table_name, 'columns': columns, 'every_version': every_version
    }}) }}
    {%- set relation = source(source_name, table_name) -%}
    {%- set found = adapter.get_relation(relation.database, relation.schema, relation.identifier)
        if execute else none -%}
    {%- set raw = columns_by_folded_name(found) if found else {} -%}
    select
    {%- for name, kind in columns.items() %}
        {{ raw_value(raw.get(name | replace('_', '')), kind) }} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if found -%}
        from {{ relation }}
        {%- if is_current_row(raw) and not every_version %} where {{ is_current_row(raw) }} {%- endif -%}
    {%- else -%}
        where false
    {%- endif -%}
{%- endmacro %}

{#- The columns of a relation by their names in lower case and without underscores. -#}
{% macro columns_by_folded_name(relation) -%}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name | lower | replace('_', ''): column}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- The condition of a row that is a record's current version; empty where the table has no others. -#}
{% macro is_current_row(columns) -%}
    {%- if 'fivetranactive' in columns -%}
        {{ return('coalesce(' ~ raw_value(columns['fivetranactive'], 'boolean') ~ ', true)') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
