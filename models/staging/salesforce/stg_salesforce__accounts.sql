{% set is_active = column_name_var('account_is_active_column') %}
{% set columns = {
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
    'last_modified_date': 'timestamp',
    '_fivetran_synced': 'timestamp'
} %}
{% if is_active %}
    {% do columns.setdefault(is_active, 'boolean') %}
    {% do warn_of_missing_column('salesforce', 'account', is_active) %}
{% endif %}

with

source as (

    {{ raw_rows('salesforce', 'account', columns, fallbacks={
        'last_modified_date': ['system_modstamp', 'created_date']
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
        cast({{ adapter.quote(is_active) if is_active else 'null' }} as boolean) as is_active,

        -- timestamps
        created_date as created_at,
        last_modified_date as modified_at,
        _fivetran_synced as extracted_at
    from source

)

select * from renamed
