{#- Text as an instant in UTC, whatever the session's zone: an offset behind the time is heeded, also as
    Salesforce writes it (+0000); without one the time is UTC's. -#}
{% macro utc_timestamp(text) -%}
    case
        when {{ has_offset(text) }} then {{ instant_with_offset(text) }}
        else cast({{ text }} as timestamp)
    end
{%- endmacro %}

{#- Text as a day: as it stands, or UTC's where a time with an offset stands behind it. -#}
{% macro utc_date(text) -%}
    case
        when {{ has_offset(text) }} then cast({{ instant_with_offset(text) }} as date)
        else cast(substring({{ text }}, 1, 10) as date)
    end
{%- endmacro %}

{% macro has_offset(text) -%}
    {{ return(matches(text, "':[0-9]{2}([.][0-9]+)?" ~ offset_form() ~ "$'")) }}
{%- endmacro %}

{% macro instant_with_offset(text) -%}
    {{ return(adapter.dispatch('instant_with_offset')(text)) }}
{%- endmacro %}

{#- DuckDB takes no space before an offset, no small z and no UTC without a space. -#}
{% macro default__instant_with_offset(text) -%}
    cast(
        regexp_replace(
            regexp_replace({{ text }}, ' ?([zZ]|UTC)$', '+00'), ' ([+-][0-9:]+)$', '\1'
        ) as timestamp with time zone
    ) at time zone 'UTC'
{%- endmacro %}

{#- The session is in UTC. -#}
{% macro spark__instant_with_offset(text) -%}
    cast(
        regexp_replace(
            regexp_replace({{ text }}, ' ?([zZ]|UTC)$', '+00:00'), ' ([+-][0-9:]+)$', '$1'
        ) as timestamp
    )
{%- endmacro %}
