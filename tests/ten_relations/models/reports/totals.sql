select sum(orders.amount) as amount, max(orders.build) as build
from {{ ref('orders') }} as orders
inner join {{ ref('days') }} as days on days.order_id = orders.order_id
