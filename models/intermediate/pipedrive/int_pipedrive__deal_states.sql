-- What the changes of a deal do to it: it enters a stage, is won, lost or reopened. Where the
-- status says what a deal is, a stage that a closed deal is put into is no entry; else it reopens
-- the deal. What changes nothing is left out: a deal won twice, and the stage in which it is
-- already, unless another lifecycle of the id is open, whose stage that may be.

with

events as (

    select
        *,
        coalesce(max(case when event_kind = 'win' then event_number end) over earlier, 0)
            as last_win,
        coalesce(max(case when event_kind = 'loss' then event_number end) over earlier, 0)
            as last_loss,
        coalesce(
            max(
                case
                    when
                        event_kind = 'reopening'
                        or (event_kind = 'stage' and not is_by_status)
                        then event_number
                end
            ) over earlier,
            0
        ) as last_reopening
    from {{ ref('int_pipedrive__deal_events') }}
    where
        event_kind in ('win', 'loss', 'reopening')
        or (event_kind = 'stage' and new_value is not null)
    window earlier as (
        partition by opportunity_id
        order by event_number
        rows between unbounded preceding and 1 preceding
    )

),

states_before as (

    select
        *,
        case
            when last_win > greatest(last_loss, last_reopening) then 'won'
            when last_loss > greatest(last_win, last_reopening) then 'lost'
            else 'open'
        end as state_before
    from events

),

kinds as (

    select
        *,
        case
            when event_kind = 'stage' and is_by_status and state_before != 'open'
                then 'closed_move'
            when event_kind = 'stage' then 'stage_entry'
            when event_kind = 'win' and state_before != 'won' then 'win'
            when event_kind = 'loss' and state_before != 'lost' then 'loss'
            when event_kind = 'reopening' and state_before != 'open' then 'reopening'
        end as change_kind
    from states_before

),

changes as (

    select
        *,
        lag(change_kind) over history as change_kind_before,
        lag(new_value) over history as value_before
    from kinds
    where change_kind is not null
    window history as (partition by opportunity_id order by event_number)

),

states as (

    select
        opportunity_id,
        deal_id,
        event_number,
        change_kind,
        new_value,
        changed_at
    from changes
    where
        change_kind != 'stage_entry'
        or change_kind_before is distinct from 'stage_entry'
        or value_before != new_value
        or open_lives > 1

)

select * from states
