{#- One raw column as a kind: id, object id (an id, or an object in JSON whose value or id it is), text, boolean, bigint, numeric, date, timestamp or a list
    in JSON as text. NULL where there is no such column. What is in none of the kind's forms stops a build before it is
    read here (require_readable_values): it is never read as NULL. -#}
{% macro raw_value(column, kind) -%}
    {%- set type = type_of_kind(kind) -%}
    {%- if column is none -%}
        cast(null as {{ type }})
    {%- else -%}
        {%- set value = adapter.quote(column.name) -%}
        {%- set text = raw_text(column) -%}
        {%- set family = type_family(column) -%}
        {%- if kind == 'id' -%}
            {{ id_or_null(text if family == 'integer' else "regexp_replace(" ~ text ~ ", '[.]0+$', '')") }}
        {%- elif kind == 'object id' -%}
            {{ object_id(column) }}
        {%- elif kind == 'text' -%}
            {{ text }}
        {%- elif kind == 'json list' -%}
            {{ json_text(column) }}
        {%- elif kind == 'boolean' and family in ['integer', 'number'] -%}
            case {{ value }} when 1 then true when 0 then false end
        {%- elif kind == 'boolean' and family != 'boolean' -%}
            case
                when lower({{ text }}) in ({{ words_for(true) }}) then true
                when lower({{ text }}) in ({{ words_for(false) }}) then false
            end
        {%- elif kind == 'date' and family == 'text' -%}
            {{ utc_date(text) }}
        {%- elif kind == 'timestamp' and family == 'text' -%}
            {{ utc_timestamp(text) }}
        {%- elif kind in ['date', 'timestamp'] and family == 'zoned time' -%}
            cast({{ value }} at time zone 'UTC' as {{ kind }})
        {%- elif kind == 'bigint' and family == 'text' -%}
            cast(regexp_replace({{ text }}, '[.]0*$', '') as bigint)
        {%- elif family == 'text' -%}
            cast({{ text }} as {{ type }})
        {%- else -%}
            cast({{ value }} as {{ type }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- A raw value as text without the spaces around it; NULL where nothing else is there. -#}
{% macro raw_text(column) -%}
    {{ return("nullif(trim(cast(" ~ adapter.quote(column.name) ~ " as " ~ text_type() ~ ")), '')") }}
{%- endmacro %}

{#- A raw value of JSON as text; NULL also where it is JSON's own null. -#}
{% macro json_text(column) -%}
    {{ return("nullif(" ~ raw_text(column) ~ ", 'null')") }}
{%- endmacro %}

{#- The warehouse's type of a kind. -#}
{% macro type_of_kind(kind) -%}
    {%- set types = {
        'id': text_type(), 'object id': text_type(), 'text': text_type(), 'json list': text_type(), 'numeric': 'numeric(24, 6)'
    } -%}
    {{ return(types.get(kind, kind)) }}
{%- endmacro %}

{#- Which family a column's type is of, on either engine: integer, number, boolean, time, zoned time, or text,
    which everything else is read by way of. -#}
{% macro type_family(column) -%}
    {%- set type = column.dtype | lower -%}
    {%- set name = type.split('(')[0] | trim -%}
    {%- if type.endswith(']') -%}
        {{ return('text') }}
    {%- elif name in [
        'smallint', 'int', 'integer', 'bigint', 'tinyint', 'utinyint', 'usmallint', 'uinteger'
    ] -%}
        {{ return('integer') }}
    {%- elif name in [
        'hugeint', 'uhugeint', 'ubigint', 'decimal', 'numeric', 'real', 'float', 'double', 'double precision'
    ] -%}
        {{ return('number') }}
    {%- elif name == 'boolean' -%}
        {{ return('boolean') }}
    {%- elif name == 'date' or name.startswith('timestamp') -%}
        {{ return('zoned time' if 'zone' in type and 'without' not in type else 'time') }}
    {%- else -%}
        {{ return('text') }}
    {%- endif -%}
{%- endmacro %}

{#- The words that are read as true, or as false, as a list in SQL; `metrics load` takes the same. -#}
{% macro words_for(truth) -%}
    {{ "'true', 't', '1', '1.0', 'yes', 'y'" if truth else "'false', 'f', '0', '0.0', 'no', 'n'" }}
{%- endmacro %}

{#- The id that a value is, or that an object has as its value or its id. -#}
{% macro object_id(column) -%}
    {%- set text = json_text(column) -%}
    {%- if column.dtype | upper | truncate(6, true, '') == 'STRUCT' -%}
        {%- set text = 'cast(to_json(' ~ adapter.quote(column.name) ~ ') as ' ~ text_type() ~ ')' -%}
    {%- endif -%}
    {%- set object = 'cast(' ~ text ~ ' as json)' if target.type != 'spark' else text -%}
    regexp_replace(
        case
            when substring({{ text }}, 1, 1) = '{'
                then coalesce({{ json_field(object, 'value') }}, {{ json_field(object, 'id') }})
            else {{ text }}
        end,
        '[.]0+$', ''
    )
{%- endmacro %}

{#- An id; NULL where it is fifteen zeros, which some tools write for none. -#}
{% macro id_or_null(text) -%}
    case when {{ text }} not like '000000000000000%' then {{ text }} end
{%- endmacro %}
