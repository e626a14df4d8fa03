-- The fingerprints of the raw rows of every deal of every CRM, and when each came to be as it is. A
-- deal whose raw rows went keeps its row, without a fingerprint: what was built from them must go.

{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='deal_key',
    on_schema_change='fail'
) }}

with

fingerprints as (

    select
        deal_key,
        raw_fingerprint
    from {{ ref('int_pipedrive__deal_fingerprints') }}

    union all

    select
        deal_key,
        raw_fingerprint
    from {{ ref('int_salesforce__opportunity_fingerprints') }}

),

{% if is_incremental() %}

    known as (

        select * from {{ this }}

    ),

    newest as (

        select max(raw_changed_at) as raw_changed_at from known

    ),

    final as (

        select
            coalesce(fingerprints.deal_key, known.deal_key) as deal_key,
            fingerprints.raw_fingerprint,
            -- Later than every change before, whatever the clock says.
            greatest(
                {{ run_start() }}, newest.raw_changed_at + interval '1 microsecond'
            ) as raw_changed_at
        from fingerprints
        full join known on fingerprints.deal_key = known.deal_key
        cross join newest
        where fingerprints.raw_fingerprint is distinct from known.raw_fingerprint

    )

{% else %}

    final as (

        select
            deal_key,
            raw_fingerprint,
            {{ run_start() }} as raw_changed_at
        from fingerprints

    )

{% endif %}

select * from final
