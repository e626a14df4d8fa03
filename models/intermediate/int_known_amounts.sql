-- One row an origin (00:00 of a month's first day) and a month: what was known there of the
-- revenue of each month before it, and of the pipeline due in the months that are forecast from
-- it. No state is joined to all the origins that know it: it adds its amount at the first one and
-- takes it away at the first that knows better, and the sums by both months are small whatever
-- the number of states.

with

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

history as (

    select * from {{ ref('fct_opportunity_history') }}

),

days as (

    select * from {{ ref('time_spine_daily') }}

),

-- No history of revenue begins with the deals of a CRM that has no amounts.
bounds as (

    select
        cast(date_trunc('month', min(created_at)) as timestamp) as first_month,
        cast(date_trunc('month', cast({{ source_dt() }} as timestamp)) as timestamp)
            as running_month
    from opportunities
    where
        crm_source in (
            select crm_source from {{ ref('int_crm_sources') }}
            where tells_amounts
        )

),

months as (

    select
        days.date_day as month_start,
        12 * cast(extract(year from days.date_day) as integer)
        + cast(extract(month from days.date_day) as integer) as month_number,
        bounds.first_month,
        bounds.running_month
    from days
    inner join bounds
        on
            days.date_day >= bounds.first_month
            and days.date_day
            <= bounds.running_month
            + cast('{{ whole_number_var("forecast_months_ahead", 0, 24) }} months' as interval)
    where extract(day from days.date_day) = 1

),

-- An origin knows the states of the end of the day before: valid_from < origin <= valid_to.
states as (

    select
        date_trunc('month', valid_from) + interval '1 month' as first_origin,
        date_trunc('month', valid_to) + interval '1 month' as next_origin,
        date_trunc('month', close_date) as month_start,
        case when stage_category = 'won' then amount else 0 end as won_amount,
        case when is_open then amount * coalesce(probability, 0) else 0 end as weighted_amount
    from history
    where
        stage_category != 'lost'
        and amount is not null
        and close_date is not null

),

stays as (

    select
        first_origin,
        next_origin,
        month_start,
        sum(won_amount) as won_amount,
        sum(weighted_amount) as weighted_amount
    from states
    where first_origin is distinct from next_origin
    group by first_origin, next_origin, month_start

),

changes as (

    select
        first_origin as origin_month,
        month_start,
        won_amount,
        weighted_amount
    from stays

    union all

    select
        next_origin as origin_month,
        month_start,
        -won_amount as won_amount,
        -weighted_amount as weighted_amount
    from stays
    where next_origin is not null

),

monthly_changes as (

    select
        origin_month,
        month_start,
        sum(won_amount) as won_amount,
        sum(weighted_amount) as weighted_amount
    from changes
    group by origin_month, month_start

),

pairs as (

    select
        origins.month_start as origin_month,
        origins.first_month,
        origins.running_month,
        months.month_start,
        months.month_number - origins.month_number + 1 as months_ahead
    from months as origins
    cross join months
    where origins.month_start <= origins.running_month

),

known as (

    select
        pairs.origin_month,
        pairs.first_month,
        pairs.running_month,
        pairs.month_start,
        pairs.months_ahead,
        sum(coalesce(monthly_changes.won_amount, 0)) over origins as won_amount,
        sum(coalesce(monthly_changes.weighted_amount, 0)) over origins as weighted_amount
    from pairs
    left join monthly_changes
        on
            pairs.origin_month = monthly_changes.origin_month
            and pairs.month_start = monthly_changes.month_start
    window origins as (partition by pairs.month_start order by pairs.origin_month)

),

-- Summed exactly, so that what comes and goes leaves 0.
final as (

    select
        -- numerics
        months_ahead,
        case
            when months_ahead < 1 then cast(won_amount as {{ double_type() }})
        end as won_amount,
        -- Nothing was known before the first opportunity.
        case
            when months_ahead >= 1 and origin_month > first_month
                then cast(weighted_amount as {{ double_type() }})
        end as weighted_amount,

        -- timestamps
        origin_month,
        month_start
    from known
    where months_ahead <= 1 or origin_month = running_month

)

select * from final
