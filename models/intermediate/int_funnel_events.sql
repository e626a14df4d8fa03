-- Everything that is an event of the funnel: stage entries, completed calls on a deal, losses. In
-- Salesforce a loss is the entry into a lost stage.

{{ config(materialized='view') }}

with

entries as (

    select * from {{ ref('int_stage_entries') }}

),

stages as (

    select * from {{ ref('int_stages') }}

),

stage_entries as (

    select
        entries.opportunity_id || ':stage:' || cast(entries.entry_number as {{ text_type() }})
            as funnel_event_id,
        entries.opportunity_id,
        entries.deal_id,
        entries.account_id,
        entries.owner_id,
        entries.stage_id,
        stages.funnel_step,
        cast(null as {{ text_type() }}) as lost_reason,
        cast(entries.entry_number as bigint) as tie_order,
        entries.entered_at as occurred_at
    from entries
    inner join stages on entries.stage_id = stages.stage_id
    where stages.funnel_step is not null

),

-- The record knows the reason of the loss that it stands in, and of none before.
entries_into_lost_stages as (

    select
        entries.opportunity_id || ':loss:' || cast(entries.entry_number as {{ text_type() }})
            as funnel_event_id,
        entries.opportunity_id,
        entries.deal_id,
        entries.account_id,
        entries.owner_id,
        cast(null as {{ text_type() }}) as stage_id,
        'Lost' as funnel_step,
        case when entries.exited_at is null then opportunities.lost_reason end as lost_reason,
        cast(entries.entry_number as bigint) as tie_order,
        entries.entered_at as occurred_at
    from entries
    left join {{ ref('int_salesforce__opportunities') }} as opportunities
        on entries.opportunity_id = opportunities.opportunity_id
    where entries.stage_category = 'lost'

),

lifecycles as (

    select
        opportunity_id,
        account_id
    from {{ ref('int_pipedrive__lifecycles') }}

),

calls as (

    select
        'call:' || activities.activity_key as funnel_event_id,
        activities.opportunity_id,
        activities.deal_id,
        lifecycles.account_id,
        activities.owner_id,
        cast(null as {{ text_type() }}) as stage_id,
        activities.funnel_step,
        cast(null as {{ text_type() }}) as lost_reason,
        cast(split_part(activities.activity_id, ':', 2) as bigint) as tie_order,
        activities.due_at as occurred_at
    from {{ ref('int_pipedrive__activities') }} as activities
    left join lifecycles on activities.opportunity_id = lifecycles.opportunity_id
    where
        activities.is_completed
        and activities.deal_id is not null
        and activities.funnel_step is not null

),

losses as (

    select
        losses.opportunity_id || ':loss:' || cast(losses.loss_number as {{ text_type() }})
            as funnel_event_id,
        losses.opportunity_id,
        losses.deal_id,
        lifecycles.account_id,
        losses.owner_id,
        cast(null as {{ text_type() }}) as stage_id,
        'Lost' as funnel_step,
        losses.lost_reason,
        cast(losses.loss_number as bigint) as tie_order,
        losses.lost_at as occurred_at
    from {{ ref('int_pipedrive__losses') }} as losses
    left join lifecycles on losses.opportunity_id = lifecycles.opportunity_id

),

events as (

    select * from stage_entries

    union all

    select * from entries_into_lost_stages

    union all

    select * from calls

    union all

    select * from losses

)

select * from events
