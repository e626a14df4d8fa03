with

source as (

    {{ raw_rows('salesforce', 'account', {
        'id': 'salesforce_id',
        'master_record_id': 'salesforce_id',
        'parent_id': 'salesforce_id',
        'owner_id': 'salesforce_id',
        'name': 'text',
        'type': 'text',
        'industry': 'text',
        'billing_city': 'text',
        'billing_state': 'text',
        'billing_country': 'text',
        'currency_iso_code': 'text',
        'annual_revenue': 'numeric',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'created_date': 'timestamp',
        'last_modified_date': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        'salesforce:' || id as account_id,
        'salesforce:' || master_record_id as master_account_id,
        'salesforce:' || parent_id as parent_account_id,
        'salesforce:' || owner_id as owner_id,

        -- strings
        name as account_name,
        type as account_type,
        industry,
        billing_city,
        billing_state,
        billing_country,
        currency_iso_code as currency,

        -- numerics
        annual_revenue,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- timestamps
        created_date as created_at,
        last_modified_date as modified_at
    from source

)

select * from renamed
