with

win_rates as (

    select * from {{ ref('export_executive_win_rate_by_industry') }}

),

final as (

    select
        account__industry as industry,
        won_count,
        closed_count,
        win_rate
    from win_rates

)

select * from final
