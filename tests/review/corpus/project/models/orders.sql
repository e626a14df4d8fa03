{{ config(materialized='table') }}

-- One row an order.
with orders as (
    select * from {{ ref('int_orders') }}
),

numbered as (
    select
        order_id,
        row_number() over (partition by customer_id order by ordered_at, order_id) as nth_order
    from orders
)

select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    orders.status,
    orders.channel,
    orders.amount,
    orders.quantity,
    numbered.nth_order,
    orders.quantity * 2 as pairs
from orders
inner join numbered on orders.order_id = numbered.order_id
