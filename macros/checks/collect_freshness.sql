{#- In place of dbt's own, which fails on a table that is not there: a CRM that this project does not use,
    or an optional table. That one is left out with a line that says so, and counts as fresh. Columns may
    be spelled as the CRM's API does, and be text. -#}
{% macro default__collect_freshness(source, loaded_at_field, filter) -%}
    {%- set relation = landed_relation(source) -%}
    {%- set columns = columns_by_folded_name(relation) if relation else {} -%}
    {%- set declared = columns.get(loaded_at_field | lower | replace('_', '')) -%}
    {#- When rows were landed says more of a connector than when somebody changed a record. -#}
    {%- set loaded_at = landed_at(columns) or (raw_value(declared, 'timestamp') if declared else '') -%}
    {%- set condition = columns.get((filter or '') | lower | replace('_', '')) -%}
    {%- if not loaded_at -%}
        {%- do log(
            source.schema ~ '.' ~ source.identifier
            ~ (' has no column ' ~ loaded_at_field if relation else ' is not there') ~ ', and is left out',
            info=true
        ) -%}
    {%- endif -%}
    {%- call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        select
            {% if loaded_at %}max({{ loaded_at }})
            {% else %}{{ current_timestamp() }}{% endif %} as max_loaded_at,
            {{ current_timestamp() }} as snapshotted_at
        {% if loaded_at %}
        from {{ relation }}
        {% if filter %}where {{ raw_value(condition, 'boolean') if condition else filter }}{% endif %}
        {% endif %}
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{%- endmacro %}
