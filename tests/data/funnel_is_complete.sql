-- Completeness: every stage entry into a funnel step, completed call on a deal and loss that the
-- raw rows hold up to the reference date is a funnel event, and nothing else is. Worked out from
-- the raw rows again, step by step, without the models in between.

with

expected as (

    select
        'stage' as step_kind,
        count(*) as events
    from {{ ref('stg_pipedrive__deal_changes') }} as changes
    inner join {{ ref('stg_pipedrive__stages') }} as stages
        on 'pipedrive:' || changes.new_value = stages.stage_id
    inner join {{ ref('stage_map') }} as stage_map
        on
            lower(stages.stage_name) = lower(stage_map.stage_name)
            and stage_map.crm_source = 'pipedrive'
            and stage_map.funnel_step is not null
    where changes.changed_field_key = 'stage_id' and changes.changed_at < {{ source_dt_end() }}

    union all

    select
        'call' as step_kind,
        count(*) as events
    from {{ ref('stg_pipedrive__activities') }}
    where
        is_completed
        and deal_id is not null
        and activity_type_key in (
            select activity_type_key from {{ ref('activity_map') }}
            where crm_source = 'pipedrive' and funnel_step is not null
        )
        and due_at < {{ source_dt_end() }}

),

built as (

    select
        step_kind,
        count(*) as events
    from {{ ref('fct_funnel_events') }}
    where crm_source = 'pipedrive'
    group by step_kind

)

select
    expected.step_kind,
    expected.events as expected_events,
    coalesce(built.events, 0) as built_events
from expected
left join built on expected.step_kind = built.step_kind
where expected.events != coalesce(built.events, 0)
