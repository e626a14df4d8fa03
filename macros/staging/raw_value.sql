{#- One raw column as a kind: id, salesforce_id, text, boolean, numeric, date, timestamp, or a type of the
    warehouse. NULL where there is no such column. -#}
{% macro raw_value(column, kind) -%}
    {%- set types = {'id': 'text', 'salesforce_id': 'text', 'text': 'text', 'numeric': 'numeric(24, 6)'} -%}
    {%- set type = types.get(kind, kind) -%}
    {%- if column is none -%}
        cast(null as {{ type }})
    {%- else -%}
        {%- set value = adapter.quote(column.name) -%}
        {%- set text = "nullif(trim(cast(" ~ value ~ " as text)), '')" -%}
        {%- set is_text = column.dtype | lower in
            ['text', 'varchar', 'character varying', 'character', 'json', 'jsonb'] -%}
        {%- set is_zoned = 'zone' in column.dtype | lower and 'without' not in column.dtype | lower -%}
        {%- if kind == 'id' -%}
            {{ id_or_null(text) }}
        {%- elif kind == 'salesforce_id' -%}
            {{ salesforce_id(id_or_null(text)) }}
        {%- elif kind == 'text' -%}
            {{ text }}
        {%- elif kind == 'boolean' -%}
            case
                when lower({{ text }}) in ('true', 't', '1', 'yes', 'y') then true
                when lower({{ text }}) in ('false', 'f', '0', 'no', 'n') then false
            end
        {%- elif kind == 'date' and is_text -%}
            {{ utc_date(text) }}
        {%- elif kind == 'timestamp' and is_text -%}
            {{ utc_timestamp(text) }}
        {%- elif kind in ['date', 'timestamp'] and is_zoned -%}
            cast({{ value }} at time zone 'UTC' as {{ kind }})
        {%- elif is_text -%}
            cast({{ text }} as {{ type }})
        {%- else -%}
            cast({{ value }} as {{ type }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- An id; NULL where it is fifteen zeros, which some tools write for none. -#}
{% macro id_or_null(text) -%}
    case when {{ text }} not like '000000000000000%' then {{ text }} end
{%- endmacro %}
