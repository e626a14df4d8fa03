-- One row a day, for MetricFlow. It ends with the fiscal year after next, so that growth over a
-- year and forecasts have days to fall on. Days are timestamps at midnight: PostgreSQL truncates a
-- date to a timestamp with time zone, which would make answers depend on the session.

{% set shift = "cast('" ~ (whole_number_var('fiscal_year_start_month', 1, 12) - 1)
    ~ " months' as interval)" %}
{% set today = "cast(" ~ source_dt() ~ " as timestamp)" %}
{% set fiscal_year_start = "date_trunc('year', " ~ today ~ " - " ~ shift ~ ") + " ~ shift %}

with

days as (

    select cast(generate_series as timestamp) as date_day
    from
        generate_series(
            cast('{{ var("time_spine_start") }}' as timestamp),
            {{ fiscal_year_start }} + interval '3 years' - interval '1 day',
            interval '1 day'
        )

),

final as (

    select
        date_day,
        cast(date_trunc('quarter', date_day - {{ shift }}) + {{ shift }} as timestamp)
            as fiscal_quarter,
        cast(date_trunc('year', date_day - {{ shift }}) + {{ shift }} as timestamp) as fiscal_year
    from days

)

select * from final
