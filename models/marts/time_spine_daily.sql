-- One row a day, for MetricFlow. It ends with the fiscal year after next, so that growth over a
-- year and forecasts have days to fall on. Days are timestamps at midnight: PostgreSQL truncates a
-- date to a timestamp with time zone, which would make answers depend on the session.

{% set today = "cast(" ~ source_dt() ~ " as timestamp)" %}

with

days as (

    select cast(generate_series as timestamp) as date_day
    from
        {{ generated_series(
            "cast('" ~ var("time_spine_start") ~ "' as timestamp)",
            fiscal_period('year', today) ~ " + interval '3 years' - interval '1 day'",
            '1 day'
        ) }}

),

final as (

    select
        date_day,
        {{ fiscal_period('quarter', 'date_day') }} as fiscal_quarter,
        {{ fiscal_period('year', 'date_day') }} as fiscal_year
    from days

)

select * from final
