-- The custom fields of every account that is there.

{{ config(
    enabled=custom_fields('account') | length > 0,
    indexes=postgres_indexes(['account_id']),
    meta={'custom_fields': {
        'entity': 'account',
        'key': 'account_id',
        'fields': custom_fields('account'),
        'description': 'Custom fields of every account that is there.'
    }}
) }}

{{ require_described_fields(model.columns, custom_fields('account')) }}

select accounts.*
from {{ ref('stg_salesforce__account_fields') }} as accounts
inner join {{ ref('int_salesforce__accounts') }} as surviving
    on
        accounts.account_id = surviving.account_id
        and surviving.account_id = surviving.surviving_account_id
