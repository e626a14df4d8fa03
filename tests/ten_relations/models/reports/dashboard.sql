{{ config(materialized='table') }}

select amount, build from {{ ref('latest') }}
