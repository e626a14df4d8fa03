{#- What a generic test reads, in place of dbt's own: of a table of which this run rewrote some rows, only
    these where the test looks at one row at a time, and what shares a key with them where it looks for
    keys that come twice. All others, and tests that only warn or let some rows pass, read the table
    whole: what they find may be in a row that was there before, or go back to a table that lost one. -#}
{% macro default__get_where_subquery(relation) -%}
    {%- set rewritten = rewritten_rows(model.get('attached_node')) if execute else '' -%}
    {%- set test = model.get('test_metadata') or {} -%}
    {%- set stops_the_build = (config.get('severity') or 'ERROR') | upper == 'ERROR'
        and config.get('error_if') == '!= 0' and config.get('fail_calc') == 'count(*)' -%}
    {%- if not rewritten or not stops_the_build or config.get('where') or test.get('namespace') -%}
        {{ return(dbt.default__get_where_subquery(relation)) }}
    {%- endif -%}
    {%- if test['name'] in ['not_null', 'accepted_values', 'not_null_columns', 'in_range', 'in_calendar', 'non_negative'] -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ rewritten ~ ') as rewritten_rows') }}
    {%- elif test['name'] in ['unique', 'unique_together'] -%}
        {%- set columns = test['kwargs'].get('columns') or [test['kwargs']['column_name']] -%}
        {{ return(rows_with_rewritten_keys(relation, columns, rewritten)) }}
    {%- endif -%}
    {{ return(dbt.default__get_where_subquery(relation)) }}
{%- endmacro %}

{#- The rows that have a key of a rewritten one. A key that lacks a part equals nothing in SQL; in our
    tests it may, so that all rows of such keys are among them. -#}
{% macro rows_with_rewritten_keys(relation, columns, rewritten) -%}
    {%- set key = columns | join(', ') -%}
    (
        select * from {{ relation }}
        where ({{ key }}) in (select {{ key }} from {{ relation }} where {{ rewritten }})

        union all

        select * from {{ relation }}
        where {{ columns | join(' is null or ') }} is null
    ) as rows_with_rewritten_keys
{%- endmacro %}
