{{ config(materialized='table') }}

select
    order_id,
    cast(customer_id as integer) as customer_id,
    cast(ordered_at as timestamp) as ordered_at,
    status,
    channel,
    cast(amount as numeric(12, 2)) as amount,
    cast(quantity as integer) as quantity
from {{ ref('raw_orders') }}
