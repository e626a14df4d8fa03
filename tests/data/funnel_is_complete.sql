-- Completeness: every stage entry into a funnel step, completed call on a deal and loss that the
-- raw rows hold up to the reference date is a funnel event, and nothing else is. Worked out from
-- the raw rows again (Salesforce: from the replayed states), step by step, without the models in
-- between.

with

stage_map as (

    select * from {{ ref('int_stage_map') }}

),

-- A join by number takes half of what a window over all states does.
salesforce_entries as (

    select
        split_part(states.opportunity_id, ':', 1) as crm_source,
        states.stage_name,
        states.stage_category
    from {{ ref('int_salesforce__opportunity_states') }} as states
    left join {{ ref('int_salesforce__opportunity_states') }} as previous_states
        on
            states.opportunity_id = previous_states.opportunity_id
            and states.state_number = previous_states.state_number + 1
    where states.stage_id is distinct from previous_states.stage_id

),

pipedrive_entries as (

    {{ recorded_stage_entries() }}

),

-- An activity of a deleted deal is of no deal.
deleted_deals as (

    select distinct deal_id from {{ ref('int_pipedrive__deal_lives') }}
    where is_deleted

),

calls as (

    select activity_type_key from {{ ref('stg_pipedrive__activities') }}
    where
        is_completed
        and deal_id is not null
        and deal_id not in (select deal_id from deleted_deals)
        and due_at < {{ source_dt_end() }}

    union all

    select activity_type_key from {{ ref('int_pipedrive__activities') }}
    where
        is_completed
        and deal_id in (select deal_id from deleted_deals)

),

expected as (

    select
        'pipedrive' as crm_source,
        'stage' as step_kind,
        count(*) as events
    from pipedrive_entries
    inner join {{ ref('stg_pipedrive__stages') }} as stages
        on pipedrive_entries.stage_id = stages.stage_id
    inner join stage_map
        on
            lower(stages.stage_name) = lower(stage_map.stage_name)
            and stage_map.crm_source = 'pipedrive'
            and stage_map.funnel_step is not null

    union all

    select
        'pipedrive' as crm_source,
        'call' as step_kind,
        count(*) as events
    from calls
    where
        activity_type_key in (
            select activity_type_key from {{ ref('activity_map') }}
            where crm_source = 'pipedrive' and funnel_step is not null
        )

    union all

    select
        salesforce_entries.crm_source,
        'stage' as step_kind,
        count(*) as events
    from salesforce_entries
    inner join stage_map
        on
            lower(salesforce_entries.stage_name) = lower(stage_map.stage_name)
            and salesforce_entries.crm_source = stage_map.crm_source
            and stage_map.funnel_step is not null
    group by salesforce_entries.crm_source

    union all

    select
        crm_source,
        'loss' as step_kind,
        count(*) as events
    from salesforce_entries
    where stage_category = 'lost'
    group by crm_source

),

built as (

    select
        crm_source,
        step_kind,
        count(*) as events
    from {{ ref('fct_funnel_events') }}
    group by crm_source, step_kind

)

select
    expected.crm_source,
    expected.step_kind,
    expected.events as expected_events,
    coalesce(built.events, 0) as built_events
from expected
left join built
    on expected.crm_source = built.crm_source and expected.step_kind = built.step_kind
where expected.events != coalesce(built.events, 0)
