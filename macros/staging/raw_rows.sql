{#- The rows of a raw table under our names and types. Column names may be spelled as Salesforce's API does
    (StageName) or in snake_case; types may be text or native. A column that is not there is NULL; a
    table that is not there has no rows. `columns` maps our names to kinds: id, text, boolean,
    numeric, date, timestamp. -#}
{% macro raw_rows(source_name, table_name, columns) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- set found = adapter.get_relation(relation.database, relation.schema, relation.identifier)
        if execute else none -%}
    {%- set raw = {} -%}
    {%- if found -%}
        {%- for column in adapter.get_columns_in_relation(found) -%}
            {%- do raw.update({column.name | lower | replace('_', ''): column}) -%}
        {%- endfor -%}
    {%- endif -%}
    select
    {%- for name, kind in columns.items() %}
        {{ raw_value(raw.get(name | replace('_', '')), kind) }} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if found -%} from {{ relation }} {%- else -%} where false {%- endif -%}
{%- endmacro %}

{#- One raw column as a kind; NULL where there is no such column. -#}
{% macro raw_value(column, kind) -%}
    {%- set types = {'id': 'text', 'text': 'text', 'numeric': 'numeric(24, 6)'} -%}
    {%- set type = types.get(kind, kind) -%}
    {%- if column is none -%}
        cast(null as {{ type }})
    {%- else -%}
        {%- set value = adapter.quote(column.name) -%}
        {%- set text = "nullif(trim(cast(" ~ value ~ " as text)), '')" -%}
        {%- set is_text = column.dtype | lower in
            ['text', 'varchar', 'character varying', 'character', 'json', 'jsonb'] -%}
        {%- if kind == 'id' -%}
            case when {{ text }} not like '000000000000000%' then {{ text }} end
        {%- elif kind == 'text' -%}
            {{ text }}
        {%- elif kind == 'boolean' -%}
            case
                when lower({{ text }}) in ('true', 't', '1', 'yes', 'y') then true
                when lower({{ text }}) in ('false', 'f', '0', 'no', 'n') then false
            end
        {%- elif kind == 'date' and is_text -%}
            cast(substring({{ text }}, 1, 10) as date)
        {%- elif kind == 'timestamp' and is_text -%}
            cast(regexp_replace({{ text }}, '(Z|[+]00:?00)$', '') as timestamp)
        {%- elif kind == 'timestamp' and 'zone' in column.dtype | lower
            and 'without' not in column.dtype | lower -%}
            {{ value }} at time zone 'UTC'
        {%- elif is_text -%}
            cast({{ text }} as {{ type }})
        {%- else -%}
            cast({{ value }} as {{ type }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
