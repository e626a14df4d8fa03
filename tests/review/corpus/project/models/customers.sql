{{ config(materialized='table') }}

with customers as (
    select * from {{ ref('raw_customers') }}
),

regions as (
    select * from {{ source('crm', 'regions') }}
),

first_orders as (
    select * from {{ ref('int_first_orders') }}
)

select
    customers.customer_id,
    customers.customer_name,
    nullif(customers.region, '') as region,
    regions.country,
    cast(customers.signed_up_on as date) as signed_up_on,
    first_orders.first_ordered_at,
    {{ tidy('customers.customer_name') }} as sort_name
from customers
left join regions on customers.region = regions.region
left join first_orders on customers.customer_id = first_orders.customer_id
