with

source as (

    {{ raw_rows('generic', 'account', {
        'id': 'id',
        'parent_id': 'id',
        'owner_id': 'id',
        'name': 'text',
        'type': 'text',
        'industry': 'text',
        'city': 'text',
        'state': 'text',
        'country': 'text',
        'currency': 'text',
        'annual_revenue': 'numeric',
        'is_active': 'boolean',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'created_at': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        'generic:' || id as account_id,
        'generic:' || parent_id as parent_account_id,
        'generic:' || owner_id as owner_id,

        -- strings
        name as account_name,
        type as account_type,
        industry,
        city as billing_city,
        state as billing_state,
        country as billing_country,
        currency,

        -- numerics
        annual_revenue,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        is_active,

        -- timestamps
        created_at
    from source

)

select * from renamed
