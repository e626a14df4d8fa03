with

source as (

    select * from {{ source('pipedrive', 'activity_types') }}

),

renamed as (

    select
        -- ids
        cast(id as bigint) as activity_type_id,

        -- strings
        cast(type as text) as activity_type_key,
        cast(name as text) as activity_type_name,

        -- booleans
        lower(active) = 'yes' as is_active

    from source

)

select * from renamed
