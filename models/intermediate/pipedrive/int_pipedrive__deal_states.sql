-- What the stage and lost_reason changes do to a deal: it enters a stage, is lost, or is reopened.
-- A lost reason set while the deal is lost already only re-labels the loss.

with

changes as (

    select
        opportunity_id,
        deal_id,
        event_number,
        new_value,
        changed_at,
        case
            when changed_field_key = 'stage_id' then 'stage_entry'
            when new_value is not null then 'loss'
            else 'reopening'
        end as change_kind
    from {{ ref('int_pipedrive__deal_events') }}
    where
        changed_field_key = 'lost_reason'
        or (changed_field_key = 'stage_id' and new_value is not null)

),

states as (

    select
        *,
        coalesce(
            change_kind = 'loss'
            and lag(change_kind) over (
                partition by opportunity_id order by event_number
            ) = 'loss',
            false
        ) as is_relabelling
    from changes

)

select * from states
