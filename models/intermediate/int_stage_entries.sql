-- Every entry into a stage, of every CRM. Pipedrive knows open stages only.

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
        exited_at,
        raw_changed_at
    from {{ ref('int_salesforce__stage_entries') }}

    union all

    select
        pipedrive.opportunity_id,
        pipedrive.deal_id,
        lifecycles.account_id,
        pipedrive.stage_id,
        pipedrive.owner_id,
        'open' as stage_category,
        pipedrive.entry_number,
        pipedrive.amount,
        pipedrive.entered_at,
        pipedrive.exited_at,
        fingerprints.raw_changed_at
    from {{ ref('int_pipedrive__stage_entries') }} as pipedrive
    inner join {{ ref('int_deal_fingerprints') }} as fingerprints
        on pipedrive.deal_id = fingerprints.deal_key
    inner join {{ ref('int_pipedrive__lifecycles') }} as lifecycles
        on pipedrive.opportunity_id = lifecycles.opportunity_id

),

keyed as (

    select
        opportunity_id || ':' || cast(entry_number as {{ text_type() }}) as stage_entry_id,
        *
    from entries

)

select * from keyed
