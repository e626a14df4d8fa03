with

source as (

    select * from {{ source('pipedrive', 'activity') }}

),

-- Activity ids repeat on different activities, so that only the whole row tells them apart.
-- Rows alike in every column are one activity landed twice.
renamed as (

    select distinct
        -- ids
        cast(activity_id as bigint) as activity_id,
        'pipedrive:' || cast(deal_id as text) as deal_id,
        'pipedrive:' || cast(assigned_to_user as text) as owner_id,

        -- strings
        cast(type as text) as activity_type_key,

        -- booleans
        coalesce(cast(done as boolean), false) as is_completed,

        -- timestamps
        cast(due_to as timestamp) as due_at

    from source

)

select * from renamed
