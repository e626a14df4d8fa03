{#- Whether a raw value is there and cannot be read as a kind; empty where each value of its type can be.
    A staging view that read it would end in the database's own error, or in a NULL that nobody sees. -#}
{% macro is_unreadable(column, kind) -%}
    {%- set family = type_family(column) -%}
    {%- set value = adapter.quote(column.name) -%}
    {%- set text = raw_text(column) -%}
    {%- if kind == 'boolean' -%}
        {%- if family in ['integer', 'number'] -%}
            {{ return(value ~ ' not in (0, 1)') }}
        {%- elif family != 'boolean' -%}
            {{ return('lower(' ~ text ~ ') not in (' ~ words_for(true) ~ ', ' ~ words_for(false) ~ ')') }}
        {%- endif -%}
    {%- elif kind in ['date', 'timestamp'] and family not in ['time', 'zoned time'] -%}
        {{ return(is_not_of_form(text, kind)) }}
    {%- elif kind == 'bigint' and family != 'integer' -%}
        {{ return(is_not_of_form(text, kind)) }}
    {%- elif kind == 'json list' -%}
        {{ return(is_no_json_list(json_text(column))) }}
    {%- elif kind == 'numeric' and family == 'number' and not fits_numeric(column) -%}
        {#- Not a number is greater than any, on both engines. -#}
        {{ return('not ' ~ value ~ ' between -' ~ greatest_number() ~ ' and ' ~ greatest_number()) }}
    {%- elif kind == 'numeric' and family not in ['integer', 'number'] -%}
        {{ return(
            'not case when ' ~ matches(text, "'" ~ text_form(kind) ~ "'") ~ ' then abs(cast(' ~ text
            ~ ' as ' ~ double_type() ~ ')) <= ' ~ greatest_number() ~ ' else ' ~ text ~ ' is null end'
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{% macro is_not_of_form(text, kind) -%}
    {{ return('not ' ~ matches(text, "'" ~ text_form(kind) ~ "'")) }}
{%- endmacro %}

{#- Whether a number's type has no more digits than ours before the point, so that each value fits. -#}
{% macro fits_numeric(column) -%}
    {%- set digits = modules.re.findall('[0-9]+', column.dtype) -%}
    {%- set precision = digits[0] if digits else column.numeric_precision -%}
    {%- set scale = digits[1] if digits | length > 1 else column.numeric_scale -%}
    {{ return(
        column.dtype | lower not in ['real', 'float', 'double', 'double precision']
        and precision is not none and (precision | int) - ((scale or 0) | int) <= 18
    ) }}
{%- endmacro %}

{#- The greatest number that is read, well within the type and what a double tells apart from it. -#}
{% macro greatest_number() -%} {{ return('100000000000000000') }} {%- endmacro %}

{#- Whether a text is there and is no list in JSON. -#}
{% macro is_no_json_list(text) -%}
    {{ return(adapter.dispatch('is_no_json_list')(text)) }}
{%- endmacro %}

{% macro default__is_no_json_list(text) -%}
    {{ return('not ' ~ text ~ ' is json array') }}
{%- endmacro %}

{% macro duckdb__is_no_json_list(text) -%}
    {{ return(
        'case when json_valid(' ~ text ~ ') then json_type(' ~ text ~ ") != 'ARRAY' else "
        ~ text ~ ' is not null end'
    ) }}
{%- endmacro %}

{% macro spark__is_no_json_list(text) -%}
    {{ return(text ~ ' is not null and json_array_length(' ~ text ~ ') is null') }}
{%- endmacro %}

{#- PostgreSQL tells JSON from other text since version 16; before, only the brackets are looked at. -#}
{% macro postgres__is_no_json_list(text) -%}
    {%- set version = run_query("select current_setting('server_version_num')").rows[0][0] | int -%}
    {{ return(
        default__is_no_json_list(text) if version >= 160000
        else 'not ' ~ text ~ " ~ '^\[.*\]$'"
    ) }}
{%- endmacro %}
