-- Accounts of every CRM that keeps records, deleted and merged ones included.

{{ config(materialized='view') }}

with

records as (

    select
        account_id,
        master_account_id,
        parent_account_id,
        owner_id,
        account_name,
        account_type,
        industry,
        billing_city,
        billing_state,
        billing_country,
        currency,
        annual_revenue,
        is_deleted,
        is_active,
        created_at
    from {{ ref('stg_salesforce__accounts') }}

    union all

    select
        account_id,
        cast(null as {{ text_type() }}) as master_account_id,
        parent_account_id,
        owner_id,
        account_name,
        account_type,
        industry,
        billing_city,
        billing_state,
        billing_country,
        currency,
        annual_revenue,
        is_deleted,
        is_active,
        created_at
    from {{ ref('stg_generic__accounts') }}

)

select * from records
