{{ config(enabled=custom_fields('owner') | length > 0) }}

{{ salesforce_fields('owner', 'user', 'owner_id') }}
