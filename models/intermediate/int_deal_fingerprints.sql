-- The fingerprints of the raw rows of every deal of every CRM.

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

)

select * from fingerprints
