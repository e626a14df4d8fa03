-- One row a month and model: what the model says of the month's won revenue, from what was known at
-- its origin. The month and all after it change nothing in a forecast.

{% set limit = decimal_var('forecast_growth_limit', 0, 10) %}

with

known as (

    select * from {{ ref('int_known_amounts') }}

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

targets as (

    select
        origin_month,
        months_ahead,
        month_start as target_month,
        weighted_amount
    from known
    where months_ahead >= 1

),

-- What each origin knows of the months that were over. A full year has twelve of them.
past_months as (

    select
        origin_month,
        months_ahead,
        month_start,
        won_amount,
        count(*) over (partition by origin_month, date_trunc('year', month_start)) = 12
            as is_in_full_year
    from known
    where months_ahead < 1

),

last_months as (

    select
        origin_month,
        max(case when months_ahead = 0 then won_amount end) as last_amount,
        max(case when months_ahead = -1 then won_amount end) as previous_amount,
        case when count(*) = 3 then avg(won_amount) end as average_amount
    from past_months
    where months_ahead >= -2
    group by origin_month

),

growths as (

    select
        origin_month,
        last_amount,
        average_amount,
        case
            when previous_amount > 0
                then
                    greatest(
                        -{{ limit }},
                        least({{ limit }}, (last_amount - previous_amount) / previous_amount)
                    )
        end as growth
    from last_months

),

seasons as (

    select
        targets.target_month,
        avg(past_months.won_amount) as average_amount
    from targets
    inner join past_months
        on
            targets.origin_month = past_months.origin_month
            and extract(month from targets.target_month)
            = extract(month from past_months.month_start)
    where past_months.is_in_full_year
    group by targets.target_month

),

parts as (

    select
        'trend' as model,
        0.3 as weight,
        targets.target_month,
        targets.origin_month,
        targets.months_ahead,
        growths.last_amount * power(1 + growths.growth, targets.months_ahead) as forecast
    from targets
    left join growths on targets.origin_month = growths.origin_month

    union all

    select
        'rolling' as model,
        0.3 as weight,
        targets.target_month,
        targets.origin_month,
        targets.months_ahead,
        growths.average_amount as forecast
    from targets
    left join growths on targets.origin_month = growths.origin_month

    union all

    select
        'seasonal' as model,
        0.2 as weight,
        targets.target_month,
        targets.origin_month,
        targets.months_ahead,
        seasons.average_amount as forecast
    from targets
    left join seasons on targets.target_month = seasons.target_month

    union all

    select
        'pipeline' as model,
        0.2 as weight,
        target_month,
        origin_month,
        months_ahead,
        weighted_amount as forecast
    from targets

),

-- The weights of the parts that exist make the whole.
combinations as (

    select
        target_month,
        origin_month,
        months_ahead,
        sum(weight * forecast) / sum(case when forecast is not null then weight end) as forecast
    from parts
    group by target_month, origin_month, months_ahead

),

-- The errors of the combined forecasts as each origin knew them; too few say nothing.
deviations as (

    select
        past_months.origin_month,
        case
            when count(combinations.forecast) >= 6
                then stddev_samp(combinations.forecast - past_months.won_amount)
        end as error_deviation
    from past_months
    inner join combinations on past_months.month_start = combinations.target_month
    group by past_months.origin_month

),

forecasts as (

    select
        parts.model,
        parts.target_month,
        parts.origin_month,
        parts.months_ahead,
        parts.forecast,
        cast(null as {{ double_type() }}) as error_deviation
    from parts

    union all

    select
        'combined' as model,
        combinations.target_month,
        combinations.origin_month,
        combinations.months_ahead,
        combinations.forecast,
        deviations.error_deviation
    from combinations
    left join deviations on combinations.origin_month = deviations.origin_month

),

won_months as (

    select
        date_trunc('month', close_date) as month_start,
        cast(sum(amount) as {{ double_type() }}) as won_amount
    from opportunities
    where is_won
    group by date_trunc('month', close_date)

),

outcomes as (

    select
        forecasts.*,
        case
            when {{ is_over('forecasts.target_month', 1) }}
                then coalesce(won_months.won_amount, 0)
        end as actual
    from forecasts
    left join won_months on forecasts.target_month = won_months.month_start

),

final as (

    select
        -- strings
        model,

        -- numerics
        months_ahead,
        forecast,
        actual,
        forecast - actual as error,
        error_deviation,

        -- timestamps
        target_month,
        origin_month
    from outcomes

)

select * from final
