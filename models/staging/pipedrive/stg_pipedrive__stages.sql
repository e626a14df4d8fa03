with

source as (

    select * from {{ source('pipedrive', 'stages') }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || cast(stage_id as text) as stage_id,

        -- strings
        cast(stage_name as text) as stage_name

    from source

)

select * from renamed
