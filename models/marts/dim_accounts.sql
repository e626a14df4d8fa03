-- One row an account that is there; merged-away and deleted ones are not.

with

accounts as (

    select * from {{ ref('stg_salesforce__accounts') }}
    where not is_deleted and master_account_id is null

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
            when accounts.annual_revenue >= 10000000 then 'Enterprise'
            when accounts.annual_revenue >= 1000000 then 'Mid-Market'
            when accounts.annual_revenue is not null then 'SMB'
        end as segment,
        accounts.billing_city,
        accounts.billing_state,
        accounts.billing_country,
        'salesforce' as crm_source,

        -- numerics
        accounts.annual_revenue,

        -- timestamps
        accounts.created_at
    from accounts
    left join surviving on accounts.parent_account_id = surviving.account_id
    left join accounts as parents on surviving.surviving_account_id = parents.account_id

)

select * from final
