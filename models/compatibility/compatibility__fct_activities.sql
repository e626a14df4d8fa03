-- Completed sales calls, under the name that older readers know.

{{ config(alias='fct_activities') }}

with

calls as (

    select * from {{ ref('fct_activities') }}
    where
        crm_source = 'pipedrive'
        and is_completed
        and activity_category in ('sales_call_1', 'sales_call_2')

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

-- In the order that its readers know.
final as (

    select
        {{ crm_number('calls.activity_id') }} as activity_id,
        {{ crm_number('calls.deal_id') }} as deal_id,
        calls.activity_type_key,
        calls.activity_type_name,
        {{ crm_number('calls.owner_id') }} as user_id,
        funnel_steps.kpi_name,
        calls.funnel_step,
        calls.due_at as due_timestamp
    from calls
    left join funnel_steps on calls.funnel_step = funnel_steps.funnel_step

)

select * from final
