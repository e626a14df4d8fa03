-- A fingerprint of everything that a deal's rows in the marts are built from: its own raw rows up
-- to the reference date, and the mappings that all deals share. Activities without a deal share
-- one.

{{ config(materialized='view') }}

with

raw_rows as (

    select
        deal_id as deal_key,
        'change|' || cast(changed_at as {{ text_type() }})
        || '|' || changed_field_key
        || '|' || coalesce(new_value, '')
        || '|' || cast(change_order as {{ text_type() }})
        || '|' || coalesce(cast(change_id as {{ text_type() }}), '') as raw_row
    from {{ ref('int_pipedrive__deal_changes') }}
    where changed_at < {{ source_dt_end() }}

    union all

    select
        deals.deal_id as deal_key,
        'record|' || coalesce(accounts.account_id, '')
        || '|' || coalesce(deals.status, '')
        || '|' || coalesce(cast(deals.closed_at as {{ text_type() }}), '')
        || '|' || case when deals.is_deleted then 'deleted' else '' end as raw_row
    from {{ ref('stg_pipedrive__deals') }} as deals
    left join {{ ref('stg_pipedrive__organizations') }} as accounts
        on deals.account_id = accounts.account_id and not accounts.is_deleted
    where deals.added_at < {{ source_dt_end() }}

    union all

    select
        coalesce(deal_id, 'pipedrive:none') as deal_key,
        'activity|' || cast(due_at as {{ text_type() }})
        || '|' || cast(activity_id as {{ text_type() }})
        || '|' || activity_type_key
        || '|' || coalesce(owner_id, '')
        || '|' || case when is_completed then 'done' else 'planned' end as raw_row
    from {{ ref('stg_pipedrive__activities') }}
    where due_at < {{ source_dt_end() }}

),

mapping_rows as (

    select
        'stage|' || stage_id
        || '|' || coalesce(stage_name, '')
        || '|' || coalesce(cast(deal_probability as {{ text_type() }}), '') as mapping_row
    from {{ ref('stg_pipedrive__stages') }}

    union all

    select
        'rate|' || currency || '|' || cast(rate_to_corporate as {{ text_type() }}) as mapping_row
    from {{ ref('currency_rates') }}

    union all

    select
        'meaning|' || stage_name
        || '|' || stage_category
        || '|' || coalesce(funnel_step, '')
        || '|' || coalesce(cast(default_probability as {{ text_type() }}), '') as mapping_row
    from {{ ref('stage_map') }}
    where crm_source = 'pipedrive'

    union all

    select
        'option|' || field_key
        || '|' || option_id
        || '|' || coalesce(option_label, '') as mapping_row
    from {{ ref('int_pipedrive__field_options') }}

    union all

    select
        'type|' || activity_type_key
        || '|' || coalesce(activity_type_name, '') as mapping_row
    from {{ ref('stg_pipedrive__activity_types') }}

    union all

    select
        'activity|' || activity_type_key
        || '|' || activity_category
        || '|' || coalesce(funnel_step, '') as mapping_row
    from {{ ref('activity_map') }}
    where crm_source = 'pipedrive'

    union all

    select
        'step|' || funnel_step
        || '|' || kpi_name
        || '|' || coalesce(next_funnel_step, '') as mapping_row
    from {{ ref('funnel_steps') }}

    union all

    -- It decides which deals count in win rates.
    select 'wins|' || case when tells_wins then 'told' else 'not told' end as mapping_row
    from {{ ref('int_crm_sources') }}
    where crm_source = 'pipedrive'

    union all

    -- They decide the quarter of a close date, and what is a bottleneck.
    select
        'days|{{ whole_number_var("bottleneck_days", 0, 36500) }}'
        || '|{{ whole_number_var("fiscal_year_start_month", 1, 12) }}' as mapping_row

),

mappings as (

    select
        md5(
            {{ joined_texts('mapping_row', '||') }}
        ) as mapping_fingerprint
    from mapping_rows

),

deals as (

    select
        deal_key,
        {{ joined_texts('raw_row', '||') }} as raw_rows
    from raw_rows
    group by deal_key

),

fingerprints as (

    select
        deals.deal_key,
        md5(deals.raw_rows || mappings.mapping_fingerprint) as raw_fingerprint
    from deals
    cross join mappings

)

select * from fingerprints
