-- One row a lifecycle: a deal id from one add_time to the next. It is what the store calls an
-- opportunity. Its state is the one on the reference date.

with

events as (

    select * from {{ ref('int_pipedrive__deal_events') }}

),

creations as (

    select
        opportunity_id,
        deal_id,
        lifecycle_number,
        min(changed_at) as began_at,
        min(case when changed_field_key = 'add_time' then {{ timestamp_or_null('new_value') }} end)
            as added_at
    from events
    group by opportunity_id, deal_id, lifecycle_number

),

last_states as (

    select
        opportunity_id,
        change_kind,
        row_number() over (partition by opportunity_id order by event_number desc) as newest_first
    from {{ ref('int_pipedrive__deal_states') }}

),

last_losses as (

    select
        opportunity_id,
        lost_reason,
        lost_at,
        row_number() over (partition by opportunity_id order by loss_number desc) as newest_first
    from {{ ref('int_pipedrive__losses') }}

),

last_owners as (

    select * from {{ ref('int_pipedrive__deal_owners') }}
    where valid_to is null

),

last_entries as (

    select
        opportunity_id,
        stage_id,
        row_number() over (partition by opportunity_id order by entry_number desc) as newest_first
    from {{ ref('int_pipedrive__stage_entries') }}

),

joined as (

    select
        creations.opportunity_id,
        creations.deal_id,
        creations.lifecycle_number,
        last_owners.owner_id,
        last_entries.stage_id,
        coalesce(last_states.change_kind = 'loss', false) as is_lost,
        case when last_states.change_kind = 'loss' then last_losses.lost_reason end as lost_reason,
        coalesce(creations.added_at, creations.began_at) as created_at,
        case when last_states.change_kind = 'loss' then last_losses.lost_at end as lost_at
    from creations
    left join last_states
        on creations.opportunity_id = last_states.opportunity_id and last_states.newest_first = 1
    left join last_losses
        on creations.opportunity_id = last_losses.opportunity_id and last_losses.newest_first = 1
    left join last_owners on creations.opportunity_id = last_owners.opportunity_id
    left join last_entries
        on creations.opportunity_id = last_entries.opportunity_id and last_entries.newest_first = 1

)

select * from joined
