with

source as (

    {{ raw_rows('pipedrive', 'organizations', {
        'id': 'id',
        'owner_id': 'object id',
        'name': 'text',
        'industry': 'text',
        'address_locality': 'text',
        'address_admin_area_level_1': 'text',
        'address_country': 'text',
        'annual_revenue': 'numeric',
        'active_flag': 'boolean',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'add_time': 'timestamp'
    }, fallbacks={'owner_id': ['owner_id__value', 'owner_id__id']}) }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || id as account_id,
        'pipedrive:' || owner_id as owner_id,

        -- strings
        name as account_name,
        industry,
        address_locality as billing_city,
        address_admin_area_level_1 as billing_state,
        address_country as billing_country,

        -- numerics
        annual_revenue,

        -- booleans
        not coalesce(active_flag, true)
        or coalesce(is_deleted, false)
        or coalesce(_fivetran_deleted, false) as is_deleted,

        -- timestamps
        add_time as created_at
    from source

)

select * from renamed
