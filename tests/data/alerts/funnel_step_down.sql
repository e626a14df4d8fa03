-- A step of the funnel has fewer deals in the last full month than in the month before, by more
-- than a share of them. Fewer losses are no alarm.

with

growth as (

    select * from {{ ref('export_sales_funnel_growth_monthly') }}

),

steps as (

    select
        cast(metric_time__month as date) as period,
        funnel_event__kpi_name as kpi_name,
        funnel_deals_mom as value,
        0 - cast(
            {{ decimal_var('alert_funnel_step_drop', 0, 1) }} as {{ double_type() }}
        ) as threshold
    from growth
    where funnel_event__funnel_step != 'Lost' and metric_time__month = {{ last_full_month() }}

),

final as (

    select
        'funnel_step_down' as alert,
        kpi_name as subject,
        period,
        value,
        threshold,
        kpi_name || ': ' || {{ unsigned_percent_text('value') }} || ' fewer deals in '
        || {{ month_text('period') }} || ' than in the month before' as message
    from steps
    where value < threshold

)

select * from final
