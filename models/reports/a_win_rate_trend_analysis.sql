with

owners as (

    select * from {{ ref('export_executive_win_rate_by_owner_quarterly') }}

),

industries as (

    select * from {{ ref('export_executive_win_rate_by_industry_quarterly') }}

),

teams as (

    select * from {{ ref('export_executive_win_rate_by_team_quarterly') }}

),

trends as (

    select
        cast(metric_time__quarter as date) as quarter,
        'owner' as dimension_type,
        owner__owner_label as dimension,
        win_rate,
        win_rate_qoq_change
    from owners

    union all

    select
        cast(metric_time__quarter as date) as quarter,
        'industry' as dimension_type,
        account__industry as dimension,
        win_rate,
        win_rate_qoq_change
    from industries

    union all

    select
        cast(metric_time__quarter as date) as quarter,
        'team' as dimension_type,
        owner__team as dimension,
        win_rate,
        win_rate_qoq_change
    from teams

),

final as (

    select * from trends
    -- Where nothing closed there is neither a rate nor a change.
    where win_rate is not null and quarter <= {{ running_period('quarter') }}

)

select * from final
