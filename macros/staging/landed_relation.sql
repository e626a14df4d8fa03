{#- A raw table as the warehouse has it, whatever its tool made of the name (Opportunity, OPPORTUNITYHISTORY,
    opportunity_history); none where it is not there. The name as declared goes before others. -#}
{% macro landed_relation(relation) -%}
    {{ return(adapter.dispatch('landed_relation')(relation) if execute else none) }}
{%- endmacro %}

{#- On engines whose names have no case. -#}
{% macro default__landed_relation(relation) -%}
    {{ return(adapter.get_relation(relation.database, relation.schema, relation.identifier)) }}
{%- endmacro %}

{% macro duckdb__landed_relation(relation) -%}
    {{ return(relation_of_folded_name(relation)) }}
{%- endmacro %}

{% macro postgres__landed_relation(relation) -%}
    {{ return(relation_of_folded_name(relation)) }}
{%- endmacro %}

{% macro relation_of_folded_name(relation) -%}
    {%- set found = run_query(
        'select table_name from information_schema.tables where table_catalog = ' ~ text_literal(relation.database)
        ~ ' and table_schema = ' ~ text_literal(relation.schema) ~ " and lower(replace(table_name, '_', '')) = "
        ~ text_literal(relation.identifier | lower | replace('_', '')) ~ ' order by 1'
    ).columns[0].values() | list -%}
    {%- if found | length > 1 and relation.identifier not in found -%}
        {{ exceptions.raise_compiler_error(
            relation.schema ~ ' has several tables for ' ~ relation.identifier ~ ': ' ~ found | join(', ')
            ~ '. Name the one that counts by the identifier in the sources (docs/your_data.md).') }}
    {%- endif -%}
    {%- if not found -%} {{ return(none) }} {%- endif -%}
    {{ return(api.Relation.create(
        database=relation.database, schema=relation.schema,
        identifier=relation.identifier if relation.identifier in found else found[0]
    )) }}
{%- endmacro %}
