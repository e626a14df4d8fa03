with

source as (

    {{ raw_rows('pipedrive', 'users', {
        'id': 'id',
        'name': 'text',
        'email': 'text',
        'active_flag': 'boolean',
        'modified': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || id as owner_id,
        id as crm_user_id,

        -- strings
        name as owner_name,
        email as owner_email,

        -- booleans
        active_flag as is_active,

        -- timestamps
        modified as modified_at

    from source

)

select * from renamed
