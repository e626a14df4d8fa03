-- Salesforce accounts, under the name that older readers know.

{{ config(alias='dim_salesforce_accounts') }}

with

accounts as (

    select * from {{ ref('dim_accounts') }}
    where crm_source = 'salesforce'

),

final as (

    select
        -- ids
        {{ crm_id('account_id') }} as account_id,
        {{ crm_id('parent_account_id') }} as parent_account_id,
        {{ crm_id('owner_id') }} as owner_id,

        -- strings
        account_name,
        parent_account_name,
        account_type,
        industry,
        segment,
        billing_city,
        billing_state,
        billing_country,

        -- numerics
        annual_revenue,

        -- timestamps
        created_at as created_date
    from accounts

)

select * from final
