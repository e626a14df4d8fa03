with

source as (

    {{ raw_rows('salesforce', 'user', {
        'id': 'salesforce_id',
        'user_role_id': 'salesforce_id',
        'manager_id': 'salesforce_id',
        'name': 'text',
        'first_name': 'text',
        'last_name': 'text',
        'email': 'text',
        'is_active': 'boolean',
        'created_date': 'timestamp',
        'last_modified_date': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        'salesforce:' || id as owner_id,
        id as crm_user_id,
        'salesforce:' || user_role_id as role_id,
        'salesforce:' || manager_id as manager_id,

        -- strings
        coalesce(name, nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''))
            as owner_name,
        email as owner_email,

        -- booleans
        coalesce(is_active, true) as is_active,

        -- timestamps
        created_date as created_at,
        last_modified_date as modified_at
    from source

)

select * from renamed
