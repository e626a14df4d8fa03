{#- The rows of a raw table under our names and types. Column names may be spelled as Salesforce's API does
    (StageName) or in snake_case; types may be text or native. A column that is not there is NULL; a
    table that is not there has no rows. Where a connector keeps every version of a record (Fivetran's
    history mode), only the current one is a row, or `every_version`. `columns` maps our names to kinds: those of raw_value,
    and salesforce_id; the model keeps them in its meta, where require_readable_values looks for them. `fallbacks` maps a name to
    the columns of which the first is taken where it is not there. -#}
{% macro raw_rows(source_name, table_name, columns, every_version=false, fallbacks={}) -%}
    {{ config(meta={'reads': {
        'source': source_name, 'table': table_name, 'columns': columns, 'every_version': every_version
    }}) }}
    {%- set relation = source(source_name, table_name) -%}
    {%- set found = adapter.get_relation(relation.database, relation.schema, relation.identifier)
        if execute else none -%}
    {%- set raw = columns_by_folded_name(found) if found else {} -%}
    {#- Ids are spelled out in a SELECT around, which reads each of them many times. -#}
    {%- set ids = [] -%}
    {%- for name, kind in columns.items() if kind == 'salesforce_id' -%}
        {%- do ids.append(name) -%}
    {%- endfor -%}
    {%- if ids -%}
    select
    {%- for name in columns %}
        {{ salesforce_id(id_or_null(name)) ~ ' as ' if name in ids }} {{- name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from (
    {%- endif %}
    select
    {%- for name, kind in columns.items() %}
        {{ raw_value(first_column(raw, [name] + fallbacks.get(name, [])), 'text' if name in ids else kind) }} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if found -%}
        from {{ relation }}
        {%- if is_current_row(raw) and not every_version %} where {{ is_current_row(raw) }} {%- endif -%}
    {%- else -%}
        where false
    {%- endif -%}
    {%- if ids %}
    ) as raw_texts
    {%- endif -%}
{%- endmacro %}

{#- The first of the columns of these names that is there; none where none is. -#}
{% macro first_column(columns, names) -%}
    {%- for name in names if name | replace('_', '') in columns -%}
        {{ return(columns[name | replace('_', '')]) }}
    {%- endfor -%}
    {{ return(none) }}
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
