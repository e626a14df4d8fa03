select order_id, ordered_on, build from {{ ref('orders') }}
