with

source as (

    {{ raw_rows('pipedrive', 'activity', {
        'activity_id': 'bigint',
        'deal_id': 'id',
        'assigned_to_user': 'id',
        'type': 'text',
        'done': 'boolean',
        'due_to': 'timestamp'
    }, without_gone=true) }}

),

renamed as (

    select
        -- ids
        activity_id,
        'pipedrive:' || deal_id as deal_id,
        'pipedrive:' || assigned_to_user as owner_id,

        -- strings
        type as activity_type_key,

        -- booleans
        coalesce(done, false) as is_completed,

        -- timestamps
        due_to as due_at

    from source

    union all

    select
        activity_id,
        deal_id,
        owner_id,
        activity_type_key,
        is_completed,
        due_at
    from {{ ref('stg_pipedrive__due_activities') }}

),

-- Activity ids repeat on different activities, so that only the whole row tells them apart.
-- Rows alike in every column are one activity landed twice.
activities as (

    select distinct * from renamed

)

select * from activities
