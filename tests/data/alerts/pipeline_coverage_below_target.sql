-- What is open in the fiscal quarter that is not over covers what is still missing to its quota
-- less often than it should. Where the quota is reached, or there is none, there is nothing to
-- cover.

with

coverage as (

    select * from {{ ref('export_pipeline_coverage_quarterly') }}

),

running_quarter as (

    select
        cast(metric_time__fiscal_quarter as date) as period,
        pipeline_coverage as value,
        cast(
            {{ decimal_var('alert_pipeline_coverage_target', 0, 1000) }} as {{ double_type() }}
        ) as threshold
    from coverage
    where
        metric_time__fiscal_quarter
        = {{ fiscal_period('quarter', source_dt_end()) }}

),

final as (

    select
        'pipeline_coverage_below_target' as alert,
        'organization' as subject,
        period,
        value,
        threshold,
        'the open pipeline covers '
        || cast(round(cast(value as numeric(18, 3)), 2) as {{ text_type() }})
        || ' times what is missing to the quota, the target is '
        || cast(round(cast(threshold as numeric(18, 3)), 2) as {{ text_type() }}) as message
    from running_quarter
    where value < threshold

)

select * from final
