-- Completeness of losses: an opportunity is lost at least once in the marts exactly when its
-- record holds a loss: changes of a Pipedrive lifecycle a loss, the replay of a Salesforce
-- opportunity a lost stage.

with

recorded_losses as (

    select distinct opportunity_id
    from {{ ref('int_pipedrive__deal_events') }}
    where event_kind = 'loss'

    union all

    select distinct opportunity_id
    from {{ ref('int_salesforce__opportunity_states') }}
    where stage_category = 'lost'

),

built_losses as (

    select distinct opportunity_id
    from {{ ref('fct_funnel_events') }}
    where step_kind = 'loss'

)

select
    recorded_losses.opportunity_id as recorded_opportunity_id,
    built_losses.opportunity_id as built_opportunity_id
from recorded_losses
full join built_losses on recorded_losses.opportunity_id = built_losses.opportunity_id
where recorded_losses.opportunity_id is null or built_losses.opportunity_id is null
