-- One row a day, with what the day is on the reference date. Built anew on every run, so that facts
-- that are only appended to need no column that changes with the reference date.

with

days as (

    select
        date_day,
        fiscal_quarter,
        fiscal_year,
        cast(date_trunc('month', date_day) as timestamp) as month_start,
        cast(date_trunc('month', cast({{ source_dt() }} as timestamp)) as timestamp)
            as reference_month_start
    from {{ ref('time_spine_daily') }}

),

final as (

    select
        cast(date_day as date) as date_day,
        cast(fiscal_quarter as date) as fiscal_quarter,
        {{ source_dt() }} as reference_date,
        cast(date_day as date) <= {{ source_dt() }} as is_up_to_reference_date,
        cast(date_day as date) <= {{ source_dt() }}
        and cast(date_day as date) > {{ source_dt() }} - interval '7 days'
            as is_in_last_seven_days,
        month_start + interval '1 month' <= reference_month_start as is_followed_by_a_known_month,
        month_start + interval '1 year' <= reference_month_start as is_followed_by_a_known_year,
        fiscal_quarter <= {{ source_dt() }} as is_in_a_known_fiscal_quarter,
        fiscal_quarter + interval '3 months' <= {{ source_dt() }}
            as is_followed_by_a_known_fiscal_quarter,
        fiscal_quarter + interval '1 year' <= {{ source_dt() }}
            as is_a_year_before_a_known_fiscal_quarter,
        fiscal_year <= {{ source_dt() }} as is_in_a_known_fiscal_year,
        fiscal_year + interval '1 year' <= {{ source_dt() }} as is_followed_by_a_known_fiscal_year
    from days

)

select * from final
