with

velocity as (

    select * from {{ ref('export_stage_velocity_quarterly') }}

),

final as (

    select
        cast(metric_time__quarter as date) as quarter,
        {{ quarter_label('metric_time__quarter') }} as quarter_label,
        {{ slice_label('stage_entry__stage_name') }} as stage_name,
        stage_entries,
        average_days_in_stage,
        median_days_in_stage,
        p90_days_in_stage,
        bottleneck_rate,
        {{ bottleneck_level('average_days_in_stage') }} as bottleneck_level,
        value_in_stage_days,
        monthly_value_impact
    from velocity
    -- Closed stages have no velocity.
    where average_days_in_stage is not null

)

select * from final
