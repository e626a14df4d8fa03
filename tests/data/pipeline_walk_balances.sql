-- What moved the open pipeline on a day is the difference of its end and its start; and each day
-- starts with what the day before ended with.

with

days as (

    select
        snapshot_date,
        sum(start_amount) as start_amount,
        sum(end_amount) as end_amount
    from {{ ref('fct_opportunity_snapshots') }}
    group by snapshot_date

),

movements as (

    select
        date_trunc('day', occurred_at) as movement_date,
        sum(
            case when movement_type in ('decreased', 'won', 'lost') then -amount else amount end
        ) as moved_amount
    from {{ ref('fct_pipeline_movements') }}
    group by date_trunc('day', occurred_at)

),

compared as (

    select
        days.snapshot_date,
        days.start_amount,
        days.end_amount,
        coalesce(movements.moved_amount, 0) as moved_amount,
        coalesce(yesterdays.end_amount, 0) as yesterdays_end_amount
    from days
    full join movements on days.snapshot_date = movements.movement_date
    left join days as yesterdays
        on days.snapshot_date = yesterdays.snapshot_date + interval '1 day'

)

select * from compared
where
    snapshot_date is null
    or start_amount + moved_amount != end_amount
    or start_amount != yesterdays_end_amount
