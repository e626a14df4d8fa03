{#- The rows of a raw table under our names and types. Column names may be spelled as Salesforce's API does
    (StageName) or in snake_case, and so may tables; types may be text or native. A column that is not there is
    NULL; a table that is not there has no rows. Where a connector keeps every version of a record (Fivetran's
    history mode), only the current one is a row, or `every_version`. `columns` maps our names to kinds: those of raw_value,
    and salesforce_id; the model keeps them in its meta, where require_readable_values looks for them. `fallbacks` maps a name to
    the columns of which the first with a value is taken where it is not there, or empty: a load makes every column. `_fivetran_deleted` and `_fivetran_synced` are also what
    other connectors say of it; `without_gone` leaves out records that are gone in the CRM. -#}
{% macro raw_rows(source_name, table_name, columns, every_version=false, fallbacks={}, without_gone=false) -%}
    {{ config(meta={'reads': {
        'source': source_name, 'table': table_name, 'columns': columns, 'every_version': every_version
    }}) }}
    {%- set relation = source(source_name, table_name) -%}
    {%- set found = landed_relation(relation) if execute else none -%}
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
        {% if name == '_fivetran_deleted' and is_gone_row(raw) -%}
            {{ is_gone_row(raw) }}
        {%- elif name == '_fivetran_synced' and landed_at(raw) -%}
            {{ landed_at(raw) }}
        {%- else -%}
            {{ first_value(raw, [name] + fallbacks.get(name, []), 'text' if name in ids else kind) }}
        {%- endif %} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if found -%}
        from {{ found }}
        {%- set kept = [] -%}
        {%- do kept.append(is_current_row(raw)) if is_current_row(raw) and not every_version -%}
        {%- do kept.append('not ' ~ is_gone_row(raw)) if is_gone_row(raw) and without_gone -%}
        {%- if kept %} where {{ kept | join(' and ') }} {%- endif -%}
    {%- else -%}
        where false
    {%- endif -%}
    {%- if ids %}
    ) as raw_texts
    {%- endif -%}
{%- endmacro %}

{#- The value of the first of these columns that is there and has one; NULL where none is. -#}
{% macro first_value(columns, names, kind) -%}
    {%- set values = [] -%}
    {%- for name in names if name | replace('_', '') in columns -%}
        {%- do values.append(raw_value(columns[name | replace('_', '')], kind)) -%}
    {%- endfor -%}
    {%- if values | length > 1 -%} {{ return('coalesce(' ~ values | join(', ') ~ ')') }} {%- endif -%}
    {{ return(values[0] if values else raw_value(none, kind)) }}
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
