{{ config(materialized='table') }}

select
    visit_id,
    customer_id,
    cast(visited_on as date) as visited_on,
    source
from {{ ref('raw_visits') }}
where source != 'poster'

union all

select
    visit_id,
    customer_id,
    cast(visited_on as date) as visited_on,
    'poster' as source
from {{ ref('raw_visits') }}
where source = 'poster' and visit_id is not null
