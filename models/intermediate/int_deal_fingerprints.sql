-- The fingerprints of the raw rows of every deal of every CRM. A table, since three facts compare
-- themselves with it and reading all raw rows once is enough.

{{ config(materialized='table') }}

with

fingerprints as (

    select
        deal_key,
        raw_fingerprint
    from {{ ref('int_pipedrive__deal_fingerprints') }}

)

select * from fingerprints
