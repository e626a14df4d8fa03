{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='order_id') }}
select
    cast(order_id as bigint) as order_id,
    cast(ordered_at as date) as ordered_at,
    cast(amount as decimal(18, 2)) as amount
from {{ ref('raw_orders') }}
{% if is_incremental() %}
where order_id > (select max(order_id) from {{ this }})
{% endif %}
