-- Every opportunity of every CRM in its state on the reference date. An open Pipedrive deal closes
-- when it is expected to, a closed one on the day on which it was won or lost. Opportunities of a
-- CRM that says nothing of wins count in no win rate.

with

salesforce as (

    select
        opportunities.opportunity_id,
        opportunities.account_id,
        owners.owner_id,
        states.stage_id,
        opportunities.opportunity_name,
        opportunities.opportunity_type,
        opportunities.lead_source,
        opportunities.push_reason,
        states.stage_name,
        states.forecast_category,
        states.stage_category,
        opportunities.currency,
        case when states.stage_category = 'lost' then opportunities.lost_reason end as lost_reason,
        opportunities.next_step,
        opportunities.description,
        states.amount,
        states.probability,
        cast(states.close_date as timestamp) as close_date,
        opportunities.created_at
    from {{ ref('int_salesforce__opportunities') }} as opportunities
    inner join {{ ref('int_salesforce__opportunity_states') }} as states
        on opportunities.opportunity_id = states.opportunity_id and states.valid_to is null
    inner join {{ ref('int_salesforce__opportunity_owners') }} as owners
        on opportunities.opportunity_id = owners.opportunity_id and owners.valid_to is null

),

pipedrive as (

    select
        lifecycles.opportunity_id,
        lifecycles.account_id,
        lifecycles.owner_id,
        lifecycles.stage_id,
        lifecycles.opportunity_name,
        cast(null as {{ text_type() }}) as opportunity_type,
        lifecycles.lead_source,
        cast(null as {{ text_type() }}) as push_reason,
        stages.stage_name,
        cast(null as {{ text_type() }}) as forecast_category,
        lifecycles.stage_category,
        case
            when history.amount is not null or history.currency is not null
                then coalesce(history.currency, '{{ var("corporate_currency") }}')
        end as currency,
        lifecycles.lost_reason,
        cast(null as {{ text_type() }}) as next_step,
        cast(null as {{ text_type() }}) as description,
        history.amount,
        history.probability,
        history.close_date,
        lifecycles.created_at
    from {{ ref('int_pipedrive__lifecycles') }} as lifecycles
    inner join {{ ref('int_pipedrive__opportunity_history') }} as history
        on lifecycles.opportunity_id = history.opportunity_id and history.valid_to is null
    left join {{ ref('int_stages') }} as stages
        on lifecycles.stage_id = stages.stage_id

),

opportunities as (

    select * from salesforce

    union all

    select * from pipedrive

),

crm_sources as (

    select * from {{ ref('int_crm_sources') }}

),

final as (

    select
        opportunities.*,
        crm_sources.tells_wins as counts_in_win_rates,
        crm_sources.tells_amounts as crm_has_amounts
    from opportunities
    inner join crm_sources
        on split_part(opportunities.opportunity_id, ':', 1) = crm_sources.crm_source

)

select * from final
