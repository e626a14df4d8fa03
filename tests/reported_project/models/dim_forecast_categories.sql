select
    'Pipeline' as forecast_category,
    'Pipeline' as forecast_category_name
