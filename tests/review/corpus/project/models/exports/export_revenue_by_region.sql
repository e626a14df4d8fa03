{{ config(materialized='table') }}

select
    date_trunc('month', orders.ordered_at) as metric_time__month,
    customers.region as customer__region,
    sum(orders.amount) as revenue,
    count(orders.order_id) as orders_placed
from {{ ref('orders') }} as orders
left join {{ ref('customers') }} as customers on orders.customer_id = customers.customer_id
where orders.status = 'paid'
group by 1, 2
