-- Opportunities that are there, created up to the reference date, with the account that survives
-- and the rate into the corporate currency.

{{ config(pre_hook="{{ require_currency_rates('int_records__opportunities') }}") }}

with

opportunities as (

    select * from {{ ref('int_records__opportunities') }}
    where
        not is_deleted
        and created_at < {{ source_dt_end() }}

),

accounts as (

    select * from {{ ref('int_salesforce__accounts') }}

),

rates as (

    select * from {{ ref('currency_rates') }}

),

joined as (

    select
        opportunities.opportunity_id,
        accounts.surviving_account_id as account_id,
        opportunities.owner_id,
        opportunities.opportunity_name,
        opportunities.opportunity_type,
        opportunities.lead_source,
        opportunities.push_reason,
        opportunities.lost_reason,
        opportunities.next_step,
        opportunities.description,
        opportunities.stage_name,
        opportunities.forecast_category,
        coalesce(opportunities.currency, '{{ var("corporate_currency") }}') as currency,
        opportunities.amount,
        coalesce(rates.rate_to_corporate, 1) as rate_to_corporate,
        opportunities.probability,
        opportunities.is_closed,
        opportunities.is_won,
        opportunities.close_date,
        opportunities.created_at,
        opportunities.modified_at
    from opportunities
    left join accounts on opportunities.account_id = accounts.account_id
    left join rates on opportunities.currency = rates.currency

)

select * from joined
