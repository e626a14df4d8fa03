-- The history of every deal up to the reference date, in order, with the lifecycle each change is
-- in. A deal id may be used again: add_time opens a lifecycle. What ends a deal (won, lost,
-- deleted) ends the lifecycle that was opened first of those that are still open; every other
-- change belongs to the one opened last. Where an id has a status, the status says what ends it
-- and what opens it again, and a lost reason is only that; else the lost reason says it, and so
-- does an entry into a stage. Changes of one instant are taken in the order created, owner, stage,
-- status, lost reason. A deal whose record is deleted is so, whenever that was.

with

changes as (

    select
        deal_id,
        changed_field_key,
        case
            when changed_field_key = 'status' then lower(new_value) else new_value
        end as new_value,
        change_order,
        change_id,
        changed_at,
        case changed_field_key
            when 'add_time' then 1
            when 'user_id' then 2
            when 'stage_id' then 3
            when 'status' then 4
            when 'lost_reason' then 5
            else 6
        end as field_order
    from {{ ref('int_pipedrive__deal_changes') }}
    where
        changed_at < {{ source_dt_end() }}
        and (
            changed_field_key in (
                'add_time', 'user_id', 'stage_id', 'lost_reason',
                'value', 'currency', 'expected_close_date', 'probability'
            )
            or (
                changed_field_key = 'status'
                and lower(new_value) in ('open', 'won', 'lost', 'deleted')
            )
        )

),

statuses as (

    select
        *,
        -- A deletion alone does not say what else became of the deal.
        max(
            case
                when changed_field_key = 'status' and new_value != 'deleted' then 1 else 0
            end
        ) over (partition by deal_id) = 1 as is_by_status
    from changes

),

kinds as (

    select
        *,
        case
            when changed_field_key = 'add_time' then 'creation'
            when changed_field_key = 'user_id' then 'owner'
            when changed_field_key = 'stage_id' then 'stage'
            when changed_field_key = 'status' and new_value = 'won' then 'win'
            when changed_field_key = 'status' and new_value = 'lost' then 'loss'
            when changed_field_key = 'status' and new_value = 'deleted' then 'deletion'
            when changed_field_key = 'status' then 'reopening'
            when changed_field_key != 'lost_reason' then 'value'
            when is_by_status then 'reason'
            when new_value is not null then 'loss'
            else 'reopening'
        end as event_kind
    from statuses

),

numbered as (

    select
        *,
        row_number() over (
            partition by deal_id
            order by
                changed_at,
                field_order,
                case when field_order = 6 then changed_field_key end,
                change_order,
                change_id,
                {{ by_bytes('new_value') }}
        ) as event_number
    from kinds

),

counted as (

    select
        *,
        greatest(
            sum(case when event_kind = 'creation' then 1 else 0 end) over so_far, 1
        ) as opened_lives,
        sum(
            case when event_kind in ('win', 'loss', 'deletion') then 1 else 0 end
        ) over so_far as endings
    from numbered
    window so_far as (
        partition by deal_id
        order by event_number
        rows between unbounded preceding and current row
    )

),

-- An ending ends one more life, but never more than were opened; what reopens leaves at least the
-- last one open. Both are upper bounds, so that the number of ended lives is the endings less what
-- went over the tightest bound so far.
bounded as (

    select
        *,
        endings + least(
            coalesce(
                min(
                    case
                        when event_kind in ('win', 'loss', 'deletion')
                            then opened_lives - endings
                        when
                            event_kind = 'reopening'
                            or (event_kind = 'stage' and not is_by_status)
                            then opened_lives - 1 - endings
                    end
                ) over (
                    partition by deal_id
                    order by event_number
                    rows between unbounded preceding and current row
                ),
                0
            ),
            0
        ) as ended_lives
    from counted

),

lives as (

    select
        *,
        cast(
            case
                when event_kind in ('win', 'loss', 'deletion', 'reason')
                    then greatest(ended_lives, 1)
                else opened_lives
            end as integer
        ) as lifecycle_number
    from bounded

),

deleted_deals as (

    select deal_id from {{ ref('stg_pipedrive__deals') }}
    where is_deleted

),

events as (

    select
        deal_id || ':' || cast(lifecycle_number as {{ text_type() }}) as opportunity_id,
        deal_id,
        lifecycle_number,
        event_number,
        event_kind,
        changed_field_key,
        new_value,
        is_by_status,
        cast(opened_lives - ended_lives as integer) as open_lives,
        -- The last status counts: who brings a deal back takes it out of the bin.
        coalesce(
            max(case when event_kind = 'deletion' then event_number end) over life
            > coalesce(
                max(
                    case
                        when changed_field_key = 'status' and event_kind != 'deletion'
                            then event_number
                    end
                ) over life,
                0
            ),
            false
        )
        or deal_id in (select deal_id from deleted_deals) as is_deleted,
        changed_at
    from lives
    window life as (partition by deal_id, lifecycle_number)

)

select * from events
