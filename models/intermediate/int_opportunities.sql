-- Every opportunity of every CRM in its state on the reference date. A Pipedrive deal has no
-- amount, probability or expected close date; its close date is the day on which it was won or
-- lost. Opportunities of a CRM that says nothing of wins count in no win rate.

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
        cast(null as {{ text_type() }}) as account_id,
        lifecycles.owner_id,
        lifecycles.stage_id,
        cast(null as {{ text_type() }}) as opportunity_name,
        cast(null as {{ text_type() }}) as opportunity_type,
        cast(null as {{ text_type() }}) as lead_source,
        cast(null as {{ text_type() }}) as push_reason,
        stages.stage_name,
        cast(null as {{ text_type() }}) as forecast_category,
        lifecycles.stage_category,
        cast(null as {{ text_type() }}) as currency,
        lifecycles.lost_reason,
        cast(null as {{ text_type() }}) as next_step,
        cast(null as {{ text_type() }}) as description,
        cast(null as numeric(24, 6)) as amount,
        cast(null as numeric(9, 6)) as probability,
        date_trunc('day', lifecycles.closed_at) as close_date,
        lifecycles.created_at
    from {{ ref('int_pipedrive__lifecycles') }} as lifecycles
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
        crm_sources.tells_wins as counts_in_win_rates
    from opportunities
    inner join crm_sources
        on split_part(opportunities.opportunity_id, ':', 1) = crm_sources.crm_source

)

select * from final
