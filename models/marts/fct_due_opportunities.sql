-- One row an opportunity and fiscal quarter in which it was due: open at 00:00 UTC of the quarter's
-- first day with a close date inside the quarter. A state has one close date and so is due in one
-- quarter at most; quarters need no expanding. Attributes are those at the quarter's start.

{{ config(indexes=postgres_indexes(['quarter_start'])) }}

{% set tomorrow = source_dt_end() %}

with

history as (

    select * from {{ ref('fct_opportunity_history') }}

),

due as (

    select
        *,
        close_quarter + interval '3 months' as next_quarter,
        -- What the quarter ends with; the running one, what it is at now.
        least(close_quarter + interval '3 months', {{ tomorrow }}) as known_until
    from history
    where
        is_open
        and valid_from <= close_quarter
        and coalesce(valid_to > close_quarter, true)
        and close_quarter < {{ tomorrow }}

),

outcomes as (

    select
        due.*,
        not {{ is_over('due.close_quarter', 3) }} as is_provisional,
        case
            when not ends.is_open then null
            when ends.close_date >= due.next_quarter then 'pushed'
            -- Until the quarter is over it may still be won, lost or pushed.
            when {{ is_over('due.close_quarter', 3) }} then 'overdue'
        end as slip_kind
    from due
    inner join history as ends
        on
            due.opportunity_id = ends.opportunity_id
            and ends.valid_from < due.known_until
            and coalesce(ends.valid_to >= due.known_until, true)

),

final as (

    select
        -- ids
        opportunity_id,
        account_id,
        owner_id,
        stage_id,

        -- strings
        forecast_category,
        slip_kind,

        -- numerics
        amount,
        cast(extract(year from close_quarter) * 12 + extract(month from close_quarter) as integer)
            as quarter_number,

        -- booleans
        slip_kind is not null as is_slipped,
        is_provisional,

        -- timestamps
        close_date,
        close_quarter as quarter_start,
        next_quarter - interval '1 day' as quarter_end
    from outcomes

)

select * from final
