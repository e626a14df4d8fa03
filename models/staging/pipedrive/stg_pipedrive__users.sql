with

source as (

    select * from {{ source('pipedrive', 'users') }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || cast(id as text) as owner_id,
        cast(id as text) as crm_user_id,

        -- strings
        cast(name as text) as owner_name,
        cast(email as text) as owner_email,

        -- timestamps
        cast(modified as timestamp) as modified_at

    from source

)

select * from renamed
