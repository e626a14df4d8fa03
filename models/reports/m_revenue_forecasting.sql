with

forecasts as (

    select * from {{ ref('export_revenue_forecast_monthly') }}

),

final as (

    select
        cast(metric_time__month as date) as month,
        {{ month_label('metric_time__month') }} as month_label,
        forecast_actual as actual_revenue,
        forecast_trend as trend_forecast,
        forecast_rolling as rolling_forecast,
        forecast_seasonal as seasonal_forecast,
        forecast_pipeline as pipeline_forecast,
        forecast_combined as combined_forecast,
        forecast_lower_95 as lower_95,
        forecast_upper_95 as upper_95,
        forecast_lower_99 as lower_99,
        forecast_upper_99 as upper_99,
        forecast_error,
        {{ forecast_quality('forecast_combined', 'forecast_mape') }} as forecast_quality,
        {{ forecast_risk('forecast_combined', 'forecast_upper_95') }} as forecast_risk
    from forecasts

)

select * from final
