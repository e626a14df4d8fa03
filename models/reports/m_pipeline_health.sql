with

health as (

    select * from {{ ref('export_executive_health_quarterly') }}

),

quarters as (

    select
        *,
        cast(metric_time__quarter as date) as quarter
    from health

),

final as (

    select
        -- dates
        quarter,
        {{ quarter_label('quarter') }} as quarter_label,

        -- inputs
        win_rate,
        overdue_rate_snapshot as overdue_rate,
        average_deal_size,
        opportunity_count,

        -- scores
        win_rate_score,
        overdue_score,
        deal_size_score,
        pipeline_volume_score,
        pipeline_health_score,

        -- labels
        {{ health_status('pipeline_health_score') }} as health_status,
        {{ risk_level('overdue_rate_snapshot') }} as risk_level,

        -- growth
        won_revenue_qoq_growth,
        win_rate_qoq_change,

        -- text
        {{ key_insight('not ' ~ is_over('quarter', 3)) }} as key_insight
    from quarters
    -- Open opportunities are due in quarters to come.
    where quarter <= {{ running_period('quarter') }}

)

select * from final
