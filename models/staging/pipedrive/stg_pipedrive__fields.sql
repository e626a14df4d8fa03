with

source as (

    select * from {{ source('pipedrive', 'fields') }}

),

renamed as (

    select
        -- ids
        cast(id as bigint) as field_id,

        -- strings
        cast(field_key as text) as field_key,
        cast(name as text) as field_name,
        cast(field_value_options as text) as field_value_options

    from source

)

select * from renamed
