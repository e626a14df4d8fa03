-- Every entry into a stage, of every CRM. Pipedrive knows open stages only, and no amounts.

{{ config(materialized='view') }}

with

entries as (

    select
        opportunity_id,
        deal_id,
        account_id,
        stage_id,
        owner_id,
        stage_category,
        entry_number,
        amount,
        entered_at,
        exited_at
    from {{ ref('int_salesforce__stage_entries') }}

    union all

    select
        opportunity_id,
        deal_id,
        cast(null as text) as account_id,
        stage_id,
        owner_id,
        'open' as stage_category,
        entry_number,
        cast(null as numeric(24, 6)) as amount,
        entered_at,
        exited_at
    from {{ ref('int_pipedrive__stage_entries') }}

),

keyed as (

    select
        opportunity_id || ':' || cast(entry_number as text) as stage_entry_id,
        *
    from entries

)

select * from keyed
