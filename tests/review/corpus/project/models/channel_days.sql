{{ config(materialized='incremental', unique_key='channel_day') }}

select
    cast(cast(ordered_at as date) as varchar) || channel as channel_day,
    cast(ordered_at as date) as sold_on,
    channel,
    sum(amount) as amount,
    count(distinct customer_id) as customers
from {{ ref('int_orders') }}
{% if is_incremental() %}
where ordered_at >= (select max(sold_on) from {{ this }})
{% endif %}
group by 1, 2, 3
