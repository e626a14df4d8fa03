-- Activities due up to the reference date, with the lifecycle of the deal that each belongs to:
-- the one opened last at the due time, the first one where none was open yet. Work on a deal that
-- is deleted was done, and belongs to no deal.

with

activities as (

    select * from {{ ref('stg_pipedrive__activities') }}
    where due_at < {{ source_dt_end() }}

),

openings as (

    select
        deal_id,
        changed_at as opened_at
    from {{ ref('int_pipedrive__deal_lives') }}
    where changed_field_key = 'add_time'

),

deleted_lives as (

    select distinct
        deal_id,
        lifecycle_number
    from {{ ref('int_pipedrive__deal_lives') }}
    where is_deleted

),

activity_types as (

    select * from {{ ref('stg_pipedrive__activity_types') }}

),

activity_map as (

    select * from {{ ref('activity_map') }}
    where crm_source = 'pipedrive'

),

lifecycle_numbers as (

    select
        activities.activity_id,
        activities.deal_id,
        activities.owner_id,
        activities.activity_type_key,
        activities.is_completed,
        activities.due_at,
        greatest(count(openings.opened_at), 1) as lifecycle_number
    from activities
    left join openings
        on
            activities.deal_id = openings.deal_id
            and openings.opened_at <= activities.due_at
    group by
        activities.activity_id,
        activities.deal_id,
        activities.owner_id,
        activities.activity_type_key,
        activities.is_completed,
        activities.due_at

),

joined as (

    select
        md5(
            cast(lifecycle_numbers.activity_id as {{ text_type() }})
            || '|' || coalesce(lifecycle_numbers.deal_id, '')
            || '|' || coalesce(lifecycle_numbers.owner_id, '')
            || '|' || lifecycle_numbers.activity_type_key
            || '|' || case when lifecycle_numbers.is_completed then 'done' else 'planned' end
            || '|' || cast(lifecycle_numbers.due_at as {{ text_type() }})
        ) as activity_key,
        'pipedrive:' || cast(lifecycle_numbers.activity_id as {{ text_type() }}) as activity_id,
        case
            when deleted_lives.deal_id is null
                then
                    lifecycle_numbers.deal_id
                    || ':' || cast(lifecycle_numbers.lifecycle_number as {{ text_type() }})
        end as opportunity_id,
        case when deleted_lives.deal_id is null then lifecycle_numbers.deal_id end as deal_id,
        coalesce(lifecycle_numbers.deal_id, 'pipedrive:none') as deal_key,
        lifecycle_numbers.owner_id,
        lifecycle_numbers.activity_type_key,
        activity_types.activity_type_name,
        coalesce(activity_map.activity_category, 'unmapped') as activity_category,
        activity_map.funnel_step,
        lifecycle_numbers.is_completed,
        lifecycle_numbers.due_at
    from lifecycle_numbers
    left join deleted_lives
        on
            lifecycle_numbers.deal_id = deleted_lives.deal_id
            and lifecycle_numbers.lifecycle_number = deleted_lives.lifecycle_number
    left join activity_types
        on lifecycle_numbers.activity_type_key = activity_types.activity_type_key
    left join activity_map
        on lifecycle_numbers.activity_type_key = activity_map.activity_type_key

)

select * from joined
