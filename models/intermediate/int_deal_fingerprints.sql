-- The fingerprints of the raw rows of every deal of every CRM.

with

fingerprints as (

    select
        deal_key,
        raw_fingerprint
    from {{ ref('int_pipedrive__deal_fingerprints') }}

)

select * from fingerprints
