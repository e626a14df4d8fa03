-- Every entry into a stage, with its exit: the next stage entry, the win or the loss, whichever
-- comes first.

with

states as (

    select * from {{ ref('int_pipedrive__deal_states') }}
    where change_kind in ('stage_entry', 'win', 'loss')

),

exits as (

    select
        opportunity_id,
        deal_id,
        event_number,
        change_kind,
        'pipedrive:' || new_value as stage_id,
        changed_at as entered_at,
        lead(changed_at) over (partition by opportunity_id order by event_number) as exited_at
    from states

),

owners as (

    select * from {{ ref('int_pipedrive__deal_owners') }}

),

entries as (

    select
        exits.opportunity_id,
        exits.deal_id,
        exits.stage_id,
        owners.owner_id,
        cast(
            row_number() over (
                partition by exits.opportunity_id order by exits.event_number
            ) as integer
        ) as entry_number,
        exits.entered_at,
        exits.exited_at
    from exits
    left join owners
        on
            exits.opportunity_id = owners.opportunity_id
            and exits.entered_at >= owners.valid_from
            and (exits.entered_at < owners.valid_to or owners.valid_to is null)
    where exits.change_kind = 'stage_entry'

)

select * from entries
