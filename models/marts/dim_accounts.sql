-- One row an account that is there; merged-away and deleted ones are not.

{{ config(
    pre_hook="{{ require_currency_rates('stg_salesforce__accounts') }}",
    indexes=postgres_indexes(['account_id'])
) }}

with

accounts as (

    select
        accounts.*,
        cast(
            accounts.annual_revenue * coalesce(rates.rate_to_corporate, 1) as numeric(24, 6)
        ) as corporate_revenue
    from {{ ref('stg_salesforce__accounts') }} as accounts
    left join {{ ref('currency_rates') }} as rates on accounts.currency = rates.currency
    where not accounts.is_deleted and accounts.master_account_id is null

),

surviving as (

    select * from {{ ref('int_salesforce__accounts') }}

),

final as (

    select
        -- ids
        accounts.account_id,
        parents.account_id as parent_account_id,
        accounts.owner_id,

        -- strings
        accounts.account_name,
        parents.account_name as parent_account_name,
        accounts.account_type,
        accounts.industry,
        case
            when accounts.corporate_revenue >= 10000000 then 'Enterprise'
            when accounts.corporate_revenue >= 1000000 then 'Mid-Market'
            when accounts.corporate_revenue is not null then 'SMB'
        end as segment,
        accounts.billing_city,
        accounts.billing_state,
        accounts.billing_country,
        'salesforce' as crm_source,

        -- numerics
        accounts.corporate_revenue as annual_revenue,

        -- timestamps
        accounts.created_at
    from accounts
    left join surviving on accounts.parent_account_id = surviving.account_id
    left join accounts as parents on surviving.surviving_account_id = parents.account_id

)

select * from final
