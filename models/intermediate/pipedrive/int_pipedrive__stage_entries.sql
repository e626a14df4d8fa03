-- Every entry into a stage, with its exit: the next stage entry, the win or the loss, whichever
-- comes first. The amount is the last one in it.

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

history as (

    select * from {{ ref('int_pipedrive__opportunity_history') }}

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
        history.amount,
        exits.entered_at,
        exits.exited_at
    from exits
    left join owners
        on
            exits.opportunity_id = owners.opportunity_id
            and exits.entered_at >= owners.valid_from
            and (exits.entered_at < owners.valid_to or owners.valid_to is null)
    left join history
        on
            exits.opportunity_id = history.opportunity_id
            and case
                when exits.exited_at is null then history.valid_to is null
                -- Left in the instant of the entry.
                when exits.exited_at = exits.entered_at
                    then
                        history.valid_from <= exits.entered_at
                        and coalesce(history.valid_to > exits.entered_at, true)
                else
                    history.valid_from < exits.exited_at
                    and coalesce(history.valid_to >= exits.exited_at, true)
            end
    where exits.change_kind = 'stage_entry'

)

select * from entries
