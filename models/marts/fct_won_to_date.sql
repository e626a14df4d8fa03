-- One row a won opportunity and month up to whose end it counts: from the month of its close date
-- to the end of that fiscal year, but not beyond the running month. One won in an earlier fiscal
-- year has a row with nothing in the running month, so that the last month is the running one under
-- any filter. MetricFlow knows no fiscal periods to date, so they are made a sum here.

{{ config(indexes=postgres_indexes(['to_date_month'])) }}

{% set today = "cast(" ~ source_dt() ~ " as timestamp)" %}

with

won_opportunities as (

    select
        *,
        cast(date_trunc('month', close_date) as timestamp) as close_month,
        {{ fiscal_period('quarter', 'close_date') }} as fiscal_quarter,
        {{ fiscal_period('year', 'close_date') }} as fiscal_year,
        cast(date_trunc('month', {{ today }}) as timestamp) as running_month
    from {{ ref('fct_opportunities') }}
    where is_won_to_date

),

later_months as (

    select generate_series as months_later
    from {{ generated_series(0, 11) }}

),

months_of_the_fiscal_year as (

    select
        won_opportunities.*,
        won_opportunities.close_month
        + later_months.months_later * interval '1 month' as to_date_month
    from won_opportunities
    cross join later_months

),

months as (

    select * from months_of_the_fiscal_year
    where
        to_date_month < fiscal_year + interval '1 year'
        and to_date_month <= running_month

    union all

    select
        *,
        running_month as to_date_month
    from won_opportunities
    where fiscal_year + interval '1 year' <= running_month

),

final as (

    select
        -- ids
        opportunity_id,
        account_id,
        owner_id,
        stage_id,

        -- numerics
        cast(
            case
                when to_date_month < fiscal_quarter + interval '3 months' then coalesce(amount, 0)
                else 0
            end as numeric(24, 6)
        ) as fiscal_quarter_amount,
        cast(
            case
                when to_date_month < fiscal_year + interval '1 year' then coalesce(amount, 0)
                else 0
            end as numeric(24, 6)
        ) as fiscal_year_amount,

        -- timestamps
        to_date_month
    from months

)

select * from final
