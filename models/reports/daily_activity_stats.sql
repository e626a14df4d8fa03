with

funnel as (

    select * from {{ ref('export_sales_funnel_daily') }}

),

final as (

    select
        cast(metric_time__day as date) as date,
        funnel_event__kpi_name as kpi_name,
        funnel_event__funnel_step as funnel_step,
        funnel_deals as deals_count
    from funnel
    where funnel_event__step_kind = 'call'

)

select * from final
