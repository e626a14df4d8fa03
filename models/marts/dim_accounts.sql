-- One row an account that is there; merged-away and deleted ones are not. Pipedrive's are its
-- organisations.

{{ config(
    pre_hook="{{ require_currency_rates('int_records__accounts') }}",
    indexes=postgres_indexes(['account_id'])
) }}

with

accounts as (

    select
        accounts.account_id,
        accounts.parent_account_id,
        accounts.owner_id,
        accounts.account_name,
        accounts.account_type,
        accounts.industry,
        accounts.billing_city,
        accounts.billing_state,
        accounts.billing_country,
        split_part(accounts.account_id, ':', 1) as crm_source,
        cast(
            accounts.annual_revenue * coalesce(rates.rate_to_corporate, 1) as numeric(24, 6)
        ) as corporate_revenue,
        accounts.is_active,
        accounts.created_at
    from {{ ref('int_records__accounts') }} as accounts
    left join {{ ref('currency_rates') }} as rates on accounts.currency = rates.currency
    where not accounts.is_deleted and accounts.master_account_id is null

    union all

    select
        account_id,
        cast(null as {{ text_type() }}) as parent_account_id,
        owner_id,
        account_name,
        cast(null as {{ text_type() }}) as account_type,
        industry,
        billing_city,
        billing_state,
        billing_country,
        'pipedrive' as crm_source,
        annual_revenue as corporate_revenue,
        cast(null as boolean) as is_active,
        created_at
    from {{ ref('stg_pipedrive__organizations') }}
    where not is_deleted

),

surviving as (

    select * from {{ ref('int_salesforce__accounts') }}

),

-- An account is active by what the org says of it; where it says nothing, with an opportunity that
-- is open, or was won in the year that the reference date ends.
business as (

    select distinct account_id
    from {{ ref('int_opportunities') }}
    where
        stage_category = 'open'
        or (
            stage_category = 'won'
            and close_date > {{ source_dt() }} - interval '1 year'
            and close_date < {{ source_dt_end() }}
        )

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
        accounts.crm_source,

        -- numerics
        accounts.corporate_revenue as annual_revenue,

        -- booleans
        coalesce(accounts.is_active, business.account_id is not null) as is_active,

        -- timestamps
        accounts.created_at
    from accounts
    left join surviving on accounts.parent_account_id = surviving.account_id
    left join accounts as parents on surviving.surviving_account_id = parents.account_id
    left join business on accounts.account_id = business.account_id

)

select * from final
