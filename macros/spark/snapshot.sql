{#- Snapshots on Spark, without MERGE, which tables of plain files do not have. -#}
{% materialization snapshot, adapter='spark' -%}
    {%- set built = load_relation(this) -%}
    {%- set strategy = strategy_dispatch(config.get('strategy'))(
        model, 'snapshotted_data', 'source_data', model['config'], built is not none
    ) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if built is none -%}
        {%- call statement('main') -%}
            {{ create_table_as(false, this, build_snapshot_table(strategy, model['compiled_code'])) }}
        {%- endcall -%}
    {%- else -%}
        {%- do replace_table(built, snapshot_with_changes(strategy, model['compiled_code'], built)) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [this]}) }}
{%- endmaterialization %}

{#- The versions of a snapshot as they stand, those that ended with their ends, and the new ones. -#}
{% macro snapshot_with_changes(strategy, sql, built) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set columns = adapter.get_columns_in_relation(built) | map(attribute='name') | list -%}
    with changes as (
        {{ snapshot_staging_table(strategy, sql, built) }}
    )

    select
        {%- for name in columns %}
        {{ 'coalesce(versions.dbt_valid_to, ended.dbt_valid_to) as dbt_valid_to'
            if name == names.dbt_valid_to else 'versions.' ~ name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ built }} as versions
    left join (
        select {{ names.dbt_scd_id }}, max({{ names.dbt_valid_to }}) as dbt_valid_to
        from changes
        where dbt_change_type in ('update', 'delete')
        group by {{ names.dbt_scd_id }}
    ) as ended
        on versions.{{ names.dbt_scd_id }} = ended.{{ names.dbt_scd_id }}

    union all

    select {{ columns | join(', ') }} from changes
    where dbt_change_type = 'insert'
{%- endmacro %}
