-- Salesforce opportunities in their state on the reference date, under the name that older readers
-- know.

{{ config(alias='fct_salesforce_opportunities') }}

with

opportunities as (

    select * from {{ ref('fct_opportunities') }}
    where crm_source = 'salesforce'

),

accounts as (

    select * from {{ ref('dim_accounts') }}

),

-- What older readers ask of the raw rows.
raw_rows as (

    select
        opportunity_id,
        modified_at,
        extracted_at
    from {{ ref('stg_salesforce__opportunities') }}

),

final as (

    select
        -- ids
        {{ crm_id('opportunities.opportunity_id') }} as opportunity_id,
        {{ crm_id('opportunities.account_id') }} as account_id,
        {{ crm_id('opportunities.owner_id') }} as owner_id,

        -- strings
        opportunities.opportunity_name,
        opportunities.opportunity_type,
        opportunities.lead_source,
        opportunities.stage_name,
        opportunities.forecast_category,
        opportunities.currency,
        opportunities.currency as currency_iso_code,
        accounts.account_name,
        opportunities.close_date_bucket,

        -- numerics
        opportunities.amount,
        opportunities.probability,
        opportunities.sales_cycle_days,
        opportunities.age_days,

        -- booleans
        opportunities.is_closed,
        opportunities.is_won,
        opportunities.is_overdue,

        -- dates
        cast(opportunities.close_date as date) as close_date,

        -- timestamps
        opportunities.created_at as created_date,
        raw_rows.modified_at as source_last_modified_at,
        raw_rows.extracted_at as raw_extracted_at
    from opportunities
    left join accounts on opportunities.account_id = accounts.account_id
    left join raw_rows on opportunities.opportunity_id = raw_rows.opportunity_id

)

select * from final
