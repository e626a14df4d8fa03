-- One row an event of the sales funnel: an entry into a stage step, a completed call, a loss.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key='funnel_event_id',
    event_time='occurred_at',
    indexes=postgres_indexes(['occurred_at'], ['deal_key']),
    on_schema_change='fail'
) }}

with

events as (

    select
        *,
        row_number() over (
            partition by deal_id, funnel_step
            order by occurred_at, tie_order, {{ by_bytes('funnel_event_id') }}
        ) as event_number_in_step
    from {{ ref('int_funnel_events') }}
    {% if is_incremental() %}
        where deal_id in (
            {{ deals_with_rows_to_rewrite(
                this, ref('int_funnel_events'), 'occurred_at', 'deal_id'
            ) }}
        )
    {% endif %}

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

fingerprints as (

    select * from {{ ref('int_deal_fingerprints') }}

),

final as (

    select
        -- ids
        events.funnel_event_id,
        events.opportunity_id,
        events.deal_id,
        events.account_id,
        events.owner_id,
        events.stage_id,
        events.deal_id as deal_key,

        -- strings
        events.funnel_step,
        funnel_steps.kpi_name,
        funnel_steps.step_kind,
        events.lost_reason,
        split_part(events.deal_id, ':', 1) as crm_source,

        -- booleans
        funnel_steps.step_kind != 'loss'
        and events.event_number_in_step = 1 as is_first_entry,

        -- timestamps
        events.occurred_at,
        fingerprints.raw_changed_at
    from events
    inner join funnel_steps on events.funnel_step = funnel_steps.funnel_step
    inner join fingerprints on events.deal_id = fingerprints.deal_key

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'occurred_at') }}
{% endif %}
