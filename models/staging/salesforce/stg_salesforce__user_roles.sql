with

source as (

    {{ raw_rows('salesforce', 'user_role', {
        'id': 'salesforce_id',
        'parent_role_id': 'salesforce_id',
        'name': 'text'
    }) }}

),

renamed as (

    select
        -- ids
        'salesforce:' || id as role_id,
        'salesforce:' || parent_role_id as parent_role_id,

        -- strings
        name as role_name
    from source

)

select * from renamed
