{{ config(enabled=custom_fields('opportunity') | length > 0) }}

{{ salesforce_fields('opportunity', 'opportunity', 'opportunity_id') }}
