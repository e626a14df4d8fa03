-- One row an activity, planned or completed, due up to the reference date.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key='activity_key',
    event_time='due_at',
    indexes=postgres_indexes(['due_at'], ['deal_key']),
    on_schema_change='fail'
) }}

with

activities as (

    select * from {{ ref('int_pipedrive__activities') }}

),

fingerprints as (

    select * from {{ ref('int_deal_fingerprints') }}

),

final as (

    select
        -- ids
        activities.activity_key,
        activities.activity_id,
        activities.opportunity_id,
        activities.deal_id,
        activities.owner_id,
        activities.deal_key,

        -- strings
        activities.activity_type_key,
        activities.activity_type_name,
        activities.activity_category,
        activities.funnel_step,
        split_part(activities.deal_key, ':', 1) as crm_source,

        -- booleans
        activities.is_completed,

        -- timestamps
        activities.due_at,
        fingerprints.raw_changed_at
    from activities
    inner join fingerprints on activities.deal_key = fingerprints.deal_key

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'due_at') }}
{% endif %}
