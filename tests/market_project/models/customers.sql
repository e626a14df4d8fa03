{{ config(materialized='table') }}

select
    customer_id,
    customer_name,
    nullif(region, '') as region,
    cast(signed_up_on as date) as signed_up_on
from {{ ref('raw_customers') }}
