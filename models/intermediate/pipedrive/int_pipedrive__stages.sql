-- Every stage that deals enter, with its meaning. Stage names differ in case between Pipedrive's
-- own tables, so they are matched without it; a stage that is not in the list of stages is kept.

with

stages as (

    select
        stage_id,
        stage_name
    from {{ ref('stg_pipedrive__stages') }}

),

entered_stages as (

    select distinct stage_id from {{ ref('int_pipedrive__stage_entries') }}

),

all_stages as (

    select
        coalesce(stages.stage_id, entered_stages.stage_id) as stage_id,
        coalesce(
            stages.stage_name, 'Unknown stage ' || split_part(entered_stages.stage_id, ':', 2)
        ) as stage_name,
        stages.stage_id is not null as is_known
    from stages
    full join entered_stages on stages.stage_id = entered_stages.stage_id

),

stage_map as (

    select * from {{ ref('stage_map') }}
    where crm_source = 'pipedrive'

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

joined as (

    select
        all_stages.stage_id,
        coalesce(stage_map.stage_name, all_stages.stage_name) as stage_name,
        stage_map.stage_order,
        coalesce(stage_map.stage_category, 'open') as stage_category,
        stage_map.funnel_step,
        funnel_steps.kpi_name,
        funnel_steps.next_funnel_step,
        all_stages.is_known and stage_map.stage_name is not null as is_known
    from all_stages
    left join stage_map on lower(trim(all_stages.stage_name)) = lower(trim(stage_map.stage_name))
    left join funnel_steps on stage_map.funnel_step = funnel_steps.funnel_step

)

select * from joined
