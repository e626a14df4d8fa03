-- Opportunities as they are now, of every CRM that keeps records with a history of states. One that
-- is won or lost by a status of its own, in a stage that is open, stands in a stage Won or Lost.

{{ config(materialized='view') }}

with

generic as (

    select
        opportunities.*,
        stages.stage_category,
        -- What its stage says goes before what it says itself.
        coalesce(
            case when stages.stage_category != 'open' then stages.stage_category end,
            opportunities.status,
            'open'
        ) as outcome
    from {{ ref('stg_generic__opportunities') }} as opportunities
    left join {{ ref('int_stage_map') }} as stages
        on
            lower(trim(opportunities.stage_name)) = lower(trim(stages.stage_name))
            and stages.crm_source = 'generic'

),

records as (

    select
        opportunity_id,
        account_id,
        owner_id,
        opportunity_name,
        stage_name,
        opportunity_type,
        lead_source,
        push_reason,
        lost_reason,
        next_step,
        description,
        forecast_category,
        currency,
        amount,
        probability,
        is_closed,
        is_won,
        is_deleted,
        close_date,
        created_at,
        modified_at,
        extracted_at
    from {{ ref('stg_salesforce__opportunities') }}

    union all

    select
        opportunity_id,
        account_id,
        owner_id,
        opportunity_name,
        case
            when stage_category = 'open' and status = 'won' then 'Won'
            when stage_category = 'open' and status = 'lost' then 'Lost'
            else stage_name
        end as stage_name,
        opportunity_type,
        lead_source,
        push_reason,
        lost_reason,
        next_step,
        description,
        forecast_category,
        currency,
        amount,
        probability,
        outcome in ('won', 'lost') as is_closed,
        outcome = 'won' as is_won,
        is_deleted,
        close_date,
        created_at,
        modified_at,
        extracted_at
    from generic

)

select * from records
