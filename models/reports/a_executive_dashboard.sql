-- A view: it is never older than its exports.

{{ config(materialized='view') }}

with

overview as (

    select * from {{ ref('export_executive_overview') }}

),

won_to_date as (

    select * from {{ ref('export_executive_won_to_date_monthly') }}
    where cast(metric_time__month as date) = {{ running_period('month') }}

),

health as (

    select * from {{ ref('export_executive_health_quarterly') }}
    where cast(metric_time__quarter as date) = {{ running_period('quarter') }}

),

running_quarter as (

    -- One row, also where the quarter has none yet.
    select health.* from overview
    left join health on true

),

labels as (

    select
        pipeline_health_score,
        {{ health_status('pipeline_health_score') }} as pipeline_health,
        {{ risk_level('overdue_rate_snapshot') }} as risk_level,
        {{ key_insight('not ' ~ is_over(running_period('quarter'), 3)) }} as key_insight,
        {{ recommendation() }} as recommendation
    from running_quarter

),

final as (

    select
        'executive_dashboard' as dashboard_type,

        -- amounts and rates; where nothing was won there is no row
        coalesce(won_to_date.won_revenue_mtd, 0) as mtd_won_revenue,
        coalesce(won_to_date.won_revenue_fiscal_qtd, 0) as qtd_won_revenue,
        coalesce(won_to_date.won_revenue_fiscal_ytd, 0) as ytd_won_revenue,
        overview.open_pipeline as current_pipeline_value,
        overview.weighted_pipeline as weighted_pipeline_value,
        overview.win_rate as overall_win_rate,

        -- health of the running quarter
        labels.pipeline_health,
        labels.pipeline_health_score,
        labels.risk_level,
        labels.key_insight,
        labels.recommendation
    from overview
    cross join labels
    left join won_to_date on true

)

select * from final
