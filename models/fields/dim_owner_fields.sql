-- The custom fields of every owner that a CRM has a user of.

{{ config(
    enabled=custom_fields('owner') | length > 0,
    indexes=postgres_indexes(['owner_id']),
    meta={'custom_fields': {
        'entity': 'owner',
        'key': 'owner_id',
        'fields': custom_fields('owner'),
        'description': 'Custom fields of every owner that Salesforce has a user of.'
    }}
) }}

{{ require_described_fields(model.columns, custom_fields('owner')) }}

select * from {{ ref('stg_salesforce__user_fields') }}
