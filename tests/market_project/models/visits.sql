{{ config(materialized='table') }}

select
    visit_id,
    customer_id,
    cast(visited_on as date) as visited_on,
    source
from {{ ref('raw_visits') }}
