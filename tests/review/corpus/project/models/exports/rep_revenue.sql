{{ config(materialized='view', meta={'owner': 'board'}) }}

select
    customer__region as region,
    sum(revenue) as revenue
from {{ ref('export_revenue_by_region') }}
group by customer__region
