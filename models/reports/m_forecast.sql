with

forecasts as (

    select * from {{ ref('export_forecast_by_model_monthly') }}

),

final as (

    select
        cast(metric_time__month as date) as month,
        {{ month_label('metric_time__month') }} as month_label,
        forecast__model as model,
        forecast_amount as forecast,
        forecast_actual as actual_revenue,
        forecast_error,
        -- Of one month, the mean of one share.
        forecast_mape as absolute_error_share,
        {{ forecast_quality('forecast_amount', 'forecast_mape') }} as forecast_quality
    from forecasts

)

select * from final
