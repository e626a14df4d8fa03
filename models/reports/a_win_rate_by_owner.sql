with

win_rates as (

    select * from {{ ref('export_executive_win_rate_by_owner') }}

),

final as (

    select
        owner__owner_label as owner_name,
        won_count,
        closed_count,
        win_rate
    from win_rates

)

select * from final
