{#- What connectors say of rows in columns of their own. `columns` are those of a relation by their folded
    names, as columns_by_folded_name gives them. -#}

{#- The condition of a row that is a record's current version; empty where the table has no others. -#}
{% macro is_current_row(columns) -%}
    {%- if 'fivetranactive' in columns -%}
        {{ return('coalesce(' ~ raw_value(columns['fivetranactive'], 'boolean') ~ ', true)') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#- The condition of a row whose record is gone in the CRM; empty where the connector does not say so. -#}
{% macro is_gone_row(columns) -%}
    {%- if 'fivetrandeleted' in columns -%}
        {{ return('coalesce(' ~ raw_value(columns['fivetrandeleted'], 'boolean') ~ ', false)') }}
    {%- endif -%}
    {%- for name in ['sdcdeletedat', 'abcdcdeletedat'] if name in columns -%}
        {{ return('(' ~ raw_text(columns[name]) ~ ' is not null)') }}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{#- When a row was landed, UTC; empty where nothing says it. -#}
{% macro landed_at(columns) -%}
    {%- for name in ['fivetransynced', 'airbyteextractedat', 'airbyteemittedat', 'sdcbatchedat'] if name in columns -%}
        {{ return(raw_value(columns[name], 'timestamp')) }}
    {%- endfor -%}
    {%- if 'dltloadid' in columns and target.type != 'spark' -%}
        {#- dlt numbers its loads by the seconds since 1970. -#}
        {{ return('to_timestamp(cast(' ~ raw_text(columns['dltloadid']) ~ ' as ' ~ double_type() ~ ")) at time zone 'UTC'") }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#- Columns that a connector made beside one that is read, for values that did not fit its type (dlt's
    amount__v_text, Stitch's amount__st): pairs of the column and the one beside which it stands. -#}
{% macro split_columns(columns, names) -%}
    {%- set found = [] -%}
    {%- for column in columns.values() -%}
        {%- set parts = modules.re.match('(?i)^(.+)__(v_[a-z_]+|bi|bo|da|de|do|fl|in|it|nu|st|ti|ts)$', column.name) -%}
        {%- if parts and parts[1] | lower | replace('_', '') in names -%}
            {%- do found.append([column, parts[1]]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
