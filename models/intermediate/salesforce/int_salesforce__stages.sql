-- Every stage that opportunities were in, with its meaning; a stage that the map does not know is
-- kept.

with

stages as (

    select distinct
        stage_id,
        stage_name
    from {{ ref('int_salesforce__opportunity_states') }}

),

stage_map as (

    select * from {{ ref('stage_map') }}
    where crm_source = 'salesforce'

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

joined as (

    select
        stages.stage_id,
        coalesce(stage_map.stage_name, stages.stage_name) as stage_name,
        stage_map.stage_order,
        coalesce(stage_map.stage_category, 'open') as stage_category,
        stage_map.funnel_step,
        funnel_steps.kpi_name,
        stage_map.stage_name is not null as is_known
    from stages
    left join stage_map on lower(trim(stages.stage_name)) = lower(trim(stage_map.stage_name))
    left join funnel_steps on stage_map.funnel_step = funnel_steps.funnel_step

)

select * from joined
