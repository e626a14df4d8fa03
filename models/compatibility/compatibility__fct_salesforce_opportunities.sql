-- Salesforce opportunities in their state on the reference date, under the name that older readers
-- know.

{{ config(alias='fct_salesforce_opportunities') }}

with

opportunities as (

    select * from {{ ref('fct_opportunities') }}
    where crm_source = 'salesforce'

),

final as (

    select
        -- ids
        {{ crm_id('opportunity_id') }} as opportunity_id,
        {{ crm_id('account_id') }} as account_id,
        {{ crm_id('owner_id') }} as owner_id,

        -- strings
        opportunity_name,
        opportunity_type,
        lead_source,
        stage_name,
        forecast_category,
        currency,
        close_date_bucket,

        -- numerics
        amount,
        probability,
        sales_cycle_days,
        age_days,

        -- booleans
        is_closed,
        is_won,
        is_overdue,

        -- dates
        cast(close_date as date) as close_date,

        -- timestamps
        created_at as created_date
    from opportunities

)

select * from final
