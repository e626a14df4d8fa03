with

source as (

    {{ raw_rows('pipedrive', 'activities', {
        'id': 'bigint',
        'deal_id': 'id',
        'user_id': 'object id',
        'type': 'text',
        'due_time': 'text',
        'done': 'boolean',
        'active_flag': 'boolean',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'due_date': 'date'
    }, fallbacks={'user_id': ['assigned_to_user_id', 'owner_id']}) }}

),

renamed as (

    select
        -- ids
        id as activity_id,
        'pipedrive:' || deal_id as deal_id,
        'pipedrive:' || user_id as owner_id,

        -- strings
        type as activity_type_key,

        -- booleans
        coalesce(done, false) as is_completed,

        -- timestamps: a time of day as in 14:30 or 14:30:00
        cast(due_date as timestamp)
        + case
            when {{ matches('due_time', "'^[0-2][0-9]:[0-5][0-9]'") }}
                then
                    cast(substring(due_time, 1, 2) as integer) * interval '1 hour'
                    + cast(substring(due_time, 4, 2) as integer) * interval '1 minute'
            else interval '0 hour'
        end as due_at
    from source
    where
        coalesce(active_flag, true)
        and not coalesce(is_deleted, false)
        and not coalesce(_fivetran_deleted, false)

)

select * from renamed
