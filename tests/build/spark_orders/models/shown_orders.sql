{{ config(materialized='view') }}
select all_orders.*
from {{ ref('all_orders') }} as all_orders
inner join {{ ref('orders') }} as orders on all_orders.order_id = orders.order_id
