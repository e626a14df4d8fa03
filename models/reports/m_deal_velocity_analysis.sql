with

stages as (

    select * from {{ ref('export_stage_velocity') }}

),

owners as (

    select * from {{ ref('export_owner_velocity') }}

),

quarters as (

    select * from {{ ref('export_velocity_quarterly') }}

),

slices as (

    select
        'stage_velocity' as metric_type,
        stage_entry__stage_name as dimension,
        stage_entries,
        average_days_in_stage,
        median_days_in_stage,
        monthly_value_impact
    from stages

    union all

    select
        'owner_performance' as metric_type,
        owner__owner_label as dimension,
        stage_entries,
        average_days_in_stage,
        median_days_in_stage,
        monthly_value_impact
    from owners

    union all

    select
        'quarterly_trend' as metric_type,
        {{ quarter_label('metric_time__quarter') }} as dimension,
        stage_entries,
        average_days_in_stage,
        median_days_in_stage,
        monthly_value_impact
    from quarters

),

final as (

    select
        metric_type,
        {{ slice_label('dimension') }} as dimension,
        stage_entries,
        average_days_in_stage as avg_days_in_stage,
        median_days_in_stage,
        {{ bottleneck_level('average_days_in_stage') }} as bottleneck_level,
        monthly_value_impact
    from slices
    -- Without an entry into an open stage, as closed stages are, there is no velocity.
    where average_days_in_stage is not null

)

select * from final
