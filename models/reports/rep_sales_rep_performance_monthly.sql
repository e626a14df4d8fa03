with

performance as (

    select * from {{ ref('export_sales_rep_performance_monthly') }}

),

final as (

    select
        substring(cast(cast(metric_time__month as date) as {{ text_type() }}), 1, 7) as month,
        owner__crm_user_id as sales_rep_id,
        owner__owner_name_masked as sales_rep_name,
        deals_worked,
        activities_completed,
        sales_call_1_completed,
        sales_call_2_completed,
        other_activities
    from performance

)

select * from final
