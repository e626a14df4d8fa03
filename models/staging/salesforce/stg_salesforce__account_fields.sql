{{ config(enabled=custom_fields('account') | length > 0) }}

{{ salesforce_fields('account', 'account', 'account_id') }}
