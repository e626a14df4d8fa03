{{ config(materialized='incremental', unique_key='build', indexes=[{'columns': ['build']}]) }}

select distinct build, amount from {{ ref('orders') }} where order_id = 1
