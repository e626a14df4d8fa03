{{ config(materialized='table') }}

select
    customer_id,
    customer_name,
    nullif(region, '') as region,
    cast(signed_up_on as date) as signed_up_on,
    cast(agent_id as integer) as agent_id
from {{ ref('raw_customers') }}
