{#- dbt's own tests, made to fit raw tables: one that is not there belongs to a CRM that this project
    does not use and has nothing to test; a column may be spelled as the CRM's API does. dbt finds
    these in place of its own of the same name. -#}
{% macro default__test_not_null(model, column_name) -%}
    {%- if is_absent(model) -%} {{ no_rows() }}
    {%- else -%} {{ dbt.default__test_not_null(current_rows(model), spelled(model, column_name)) }} {%- endif -%}
{%- endmacro %}

{% macro default__test_unique(model, column_name) -%}
    {%- if is_absent(model) -%} {{ no_rows() }}
    {%- else -%} {{ dbt.default__test_unique(current_rows(model), spelled(model, column_name)) }} {%- endif -%}
{%- endmacro %}

{% macro default__test_accepted_values(model, column_name, values, quote=True) -%}
    {%- if is_absent(model) -%} {{ no_rows() }}
    {%- else -%}
        {{ dbt.default__test_accepted_values(
            current_rows(model), spelled(model, column_name), values, quote) }}
    {%- endif -%}
{%- endmacro %}

{#- Only of raw tables it is asked what is in the warehouse: models are as they are spelled, and asking
    takes time. A model with a `where` is a sub-select and has no identifier. -#}
{% macro is_raw(model) -%}
    {{ return(
        execute and model.identifier is defined and model.schema in [
            var('pipedrive_schema'), var('salesforce_schema'), var('planning_schema'),
            var('generic_schema')
        ]
    ) }}
{%- endmacro %}

{% macro is_absent(model) -%}
    {{ return(is_raw(model) and not relation_exists(model)) }}
{%- endmacro %}

{#- The column as the relation spells it, quoted where that is not our spelling. -#}
{% macro spelled(model, column_name) -%}
    {%- if is_raw(model) -%}
        {%- set present = columns_by_folded_name(landed_relation(model)) -%}
        {%- for source in graph.sources.values()
            if source.schema == model.schema and source.identifier == model.identifier
            and column_name in source.columns -%}
            {%- set column = first_column(present, spellings(source.columns[column_name])) -%}
            {%- if column and column.name != column_name -%}
                {{ return(adapter.quote(column.name)) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(column_name) }}
{%- endmacro %}

{#- Where a connector keeps every version of a record, the rows that staging reads: the current ones. -#}
{% macro current_rows(model) -%}
    {%- if not is_raw(model) -%} {{ return(model) }} {%- endif -%}
    {%- set landed = landed_relation(model) -%}
    {%- set condition = is_current_row(columns_by_folded_name(landed)) -%}
    {{ return('(select * from ' ~ landed ~ ' where ' ~ condition ~ ') as raw_rows' if condition else landed) }}
{%- endmacro %}

{% macro no_rows() -%} select 1 as nothing where false {%- endmacro %}
