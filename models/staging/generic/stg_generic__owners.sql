with

source as (

    {{ raw_rows('generic', 'owner', {
        'id': 'id',
        'manager_id': 'id',
        'name': 'text',
        'email': 'text',
        'team': 'text',
        'is_active': 'boolean',
        'modified_at': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        'generic:' || id as owner_id,
        id as crm_user_id,
        'generic:' || manager_id as manager_id,

        -- strings
        name as owner_name,
        email as owner_email,
        team,

        -- booleans
        coalesce(is_active, true) as is_active,

        -- timestamps
        modified_at
    from source

)

select * from renamed
