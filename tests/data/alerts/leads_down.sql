-- Fewer leads: deals in Lead Generation in the last full month are down on the month before by more
-- than a share of them.

with

growth as (

    select * from {{ ref('export_sales_funnel_growth_monthly') }}

),

leads as (

    select
        cast(metric_time__month as date) as period,
        funnel_event__kpi_name as kpi_name,
        funnel_deals_mom as value,
        0 - cast({{ decimal_var('alert_leads_drop', 0, 1) }} as {{ double_type() }}) as threshold
    from growth
    where funnel_event__funnel_step = '1' and metric_time__month = {{ last_full_month() }}

),

final as (

    select
        'leads_down' as alert,
        kpi_name as subject,
        period,
        value,
        threshold,
        kpi_name || ': ' || {{ unsigned_percent_text('value') }} || ' fewer deals in '
        || {{ month_text('period') }} || ' than in the month before' as message
    from leads
    where value < threshold

)

select * from final
