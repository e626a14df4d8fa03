{{ config(materialized='ephemeral') }}

select
    customer_id,
    min(ordered_at) as first_ordered_at
from {{ ref('int_orders') }}
where status = 'paid' or status = 'open'
group by customer_id
