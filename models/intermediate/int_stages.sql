-- Every stage of every CRM with its meaning. Stage names differ in case between a CRM's own tables,
-- so they are matched with the stage map without it; a stage that the map, or Pipedrive's own list,
-- does not know is kept.

with

listed_stages as (

    select
        stages.stage_id,
        stages.stage_name,
        coalesce(stages.pipeline_name, pipelines.pipeline_name) as pipeline_name,
        stages.stage_order,
        stages.deal_probability
    from {{ ref('stg_pipedrive__stages') }} as stages
    left join {{ ref('stg_pipedrive__pipelines') }} as pipelines
        on stages.pipeline_id = pipelines.pipeline_id

    union all

    -- As the CSV export has them.
    select
        'pipedrive:' || crm_stage_id as stage_id,
        min(stage_name) as stage_name,
        min(pipeline_name) as pipeline_name,
        cast(null as integer) as stage_order,
        cast(null as numeric(9, 6)) as deal_probability
    from {{ ref('stg_pipedrive__deals') }}
    where stage_name is not null
    group by crm_stage_id

),

entered_stages as (

    select distinct 'pipedrive:' || new_value as stage_id
    from {{ ref('int_pipedrive__deal_states') }}
    where change_kind in ('stage_entry', 'closed_move')

),

salesforce_stages as (

    -- Where the record says in one state only how a stage ends, that counts.
    select
        split_part(stage_id, ':', 1) as crm_source,
        stage_id,
        stage_name,
        max(case stage_category when 'won' then 2 when 'lost' then 1 else 0 end) as outcome
    from {{ ref('int_salesforce__opportunity_states') }}
    group by stage_id, stage_name

),

unknown_stages as (

    select * from {{ ref('int_salesforce__unknown_stages') }}

),

stage_map as (

    select * from {{ ref('int_stage_map') }}

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

all_stages as (

    select
        'pipedrive' as crm_source,
        coalesce(listed_stages.stage_id, entered_stages.stage_id) as stage_id,
        coalesce(
            listed_stages.stage_name,
            'Unknown stage ' || split_part(entered_stages.stage_id, ':', 2)
        ) as stage_name,
        listed_stages.pipeline_name,
        listed_stages.stage_order,
        listed_stages.deal_probability,
        'open' as stage_category,
        listed_stages.stage_id is not null as is_listed
    from listed_stages
    full join entered_stages on listed_stages.stage_id = entered_stages.stage_id

    union all

    select
        salesforce_stages.crm_source,
        salesforce_stages.stage_id,
        salesforce_stages.stage_name,
        cast(null as {{ text_type() }}) as pipeline_name,
        cast(null as integer) as stage_order,
        cast(null as numeric(9, 6)) as deal_probability,
        coalesce(
            unknown_stages.stage_category,
            case salesforce_stages.outcome when 2 then 'won' when 1 then 'lost' else 'open' end
        ) as stage_category,
        true as is_listed
    from salesforce_stages
    left join unknown_stages
        on
            salesforce_stages.crm_source = unknown_stages.crm_source
            and salesforce_stages.stage_name = unknown_stages.stage_name

),

joined as (

    select
        all_stages.stage_id,
        all_stages.crm_source,
        coalesce(stage_map.stage_name, all_stages.stage_name) as stage_name,
        all_stages.pipeline_name,
        coalesce(stage_map.stage_order, all_stages.stage_order) as stage_order,
        coalesce(all_stages.deal_probability, stage_map.default_probability) as default_probability,
        coalesce(stage_map.stage_category, all_stages.stage_category) as stage_category,
        stage_map.funnel_step,
        funnel_steps.kpi_name,
        funnel_steps.next_funnel_step,
        all_stages.is_listed and stage_map.stage_name is not null as is_known
    from all_stages
    left join stage_map
        on
            all_stages.crm_source = stage_map.crm_source
            and lower(trim(all_stages.stage_name)) = lower(trim(stage_map.stage_name))
    left join funnel_steps on stage_map.funnel_step = funnel_steps.funnel_step

)

select * from joined
