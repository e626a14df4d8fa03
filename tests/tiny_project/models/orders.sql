{{ config(materialized='table', meta={'marker': var('marker') | string}) }}

select
    order_id,
    cast(ordered_on as date) as ordered_on,
    cast(amount as numeric(12, 2)) as amount,
    status,
    cast('{{ var("marker") }}' as varchar) as marker
from {{ ref('raw_orders') }}
