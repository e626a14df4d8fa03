{{ config(materialized='table') }}

select
    store || ' ' || item as shelf_id,
    store,
    item,
    cast(stock_day as date) as stock_day,
    cast(quantity as integer) as quantity
from {{ ref('raw_stock') }}
