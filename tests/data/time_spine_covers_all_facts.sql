-- A fact outside the time spine cannot be asked for by time. The spine ends with a fiscal year, at
-- least two years after the reference date, so that growth over a year has days to fall on.

with

bounds as (

    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('time_spine_daily') }}

),

times as (

    select entered_at as happened_at from {{ ref('fct_stage_entries') }}

    union all

    select due_at as happened_at from {{ ref('fct_activities') }}

    union all

    select occurred_at as happened_at from {{ ref('fct_funnel_events') }}

    union all

    select occurred_at as happened_at from {{ ref('fct_pipeline_movements') }}

    union all

    select changed_at as happened_at from {{ ref('fct_close_date_changes') }}

    union all

    select quarter_end as happened_at from {{ ref('fct_due_opportunities') }}

    union all

    select target_month as happened_at from {{ ref('fct_forecasts') }}

    union all

    select reported_on as happened_at from {{ ref('fct_reported_pipeline') }}

),

outside as (

    select times.happened_at
    from times
    cross join bounds
    where
        times.happened_at < bounds.first_day
        or times.happened_at >= bounds.last_day + interval '1 day'

    union all

    select last_day as happened_at
    from bounds
    where
        extract(month from last_day + interval '1 day') != {{ var('fiscal_year_start_month') }}
        or extract(day from last_day + interval '1 day') != 1
        or last_day < {{ source_dt_end() }} + interval '2 years' - interval '1 day'

)

select * from outside
