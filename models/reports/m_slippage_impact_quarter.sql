with

slippage as (

    select * from {{ ref('export_slippage_quarterly') }}

),

final as (

    select
        cast(metric_time__fiscal_quarter as date) as fiscal_quarter,
        not {{ is_over('metric_time__fiscal_quarter', 3) }} as is_provisional,
        due_opportunity_count,
        slipped_opportunity_count,
        slippage_rate,
        due_amount,
        slipped_amount,
        slippage_rate_amount,
        pushed_count,
        pushed_amount,
        average_days_pushed,
        pulled_in_amount,
        {{ slippage_level('slippage_rate') }} as slippage_level
    from slippage

)

select * from final
