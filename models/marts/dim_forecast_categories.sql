-- One row a forecast category that opportunities were in.

with

history as (

    select * from {{ ref('fct_opportunity_history') }}

),

final as (

    select distinct
        forecast_category,
        forecast_category as forecast_category_name
    from history
    where forecast_category is not null

)

select * from final
