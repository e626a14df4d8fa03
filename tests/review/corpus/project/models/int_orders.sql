{{ config(materialized='view') }}

with raw_orders as (
    select * from {{ ref('raw_orders') }}
)

select
    order_id,
    cast(customer_id as integer) as customer_id,
    cast(ordered_at as timestamp) as ordered_at,
    status,
    channel,
    cast(amount as numeric(12, 2)) as amount,
    cast(quantity as integer) as quantity
from raw_orders
where channel != '{{ var("ignored_channel") }}'
