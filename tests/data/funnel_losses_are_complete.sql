-- Completeness of losses: a lifecycle is lost at least once in the marts exactly when its raw rows
-- hold a lost reason.

with

raw_losses as (

    select distinct opportunity_id
    from {{ ref('int_pipedrive__deal_events') }}
    where changed_field_key = 'lost_reason' and new_value is not null

),

built_losses as (

    select distinct opportunity_id
    from {{ ref('fct_funnel_events') }}
    where step_kind = 'loss' and crm_source = 'pipedrive'

)

select
    raw_losses.opportunity_id as raw_opportunity_id,
    built_losses.opportunity_id as built_opportunity_id
from raw_losses
full join built_losses on raw_losses.opportunity_id = built_losses.opportunity_id
where raw_losses.opportunity_id is null or built_losses.opportunity_id is null
