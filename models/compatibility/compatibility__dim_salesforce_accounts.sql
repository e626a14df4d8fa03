-- Salesforce accounts, under the name that older readers know.

{{ config(alias='dim_salesforce_accounts') }}

with

accounts as (

    select * from {{ ref('dim_accounts') }}
    where crm_source = 'salesforce'

),

-- What older readers ask of the raw rows.
raw_rows as (

    select
        account_id,
        currency,
        modified_at,
        extracted_at
    from {{ ref('stg_salesforce__accounts') }}

),

final as (

    select
        -- ids
        {{ crm_id('accounts.account_id') }} as account_id,
        {{ crm_id('accounts.parent_account_id') }} as parent_account_id,
        {{ crm_id('accounts.owner_id') }} as owner_id,

        -- strings
        accounts.account_name,
        accounts.parent_account_name,
        accounts.account_type,
        accounts.industry,
        accounts.segment,
        accounts.billing_city,
        accounts.billing_state,
        accounts.billing_country,
        raw_rows.currency as currency_iso_code,

        -- numerics
        accounts.annual_revenue,

        -- booleans
        accounts.is_active,

        -- timestamps
        accounts.created_at as created_date,
        raw_rows.modified_at as source_last_modified_at,
        raw_rows.extracted_at as raw_extracted_at
    from accounts
    left join raw_rows on accounts.account_id = raw_rows.account_id

)

select * from final
