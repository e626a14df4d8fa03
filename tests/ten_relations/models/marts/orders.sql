{{ config(indexes=[{'columns': ['order_id'], 'unique': true}]) }}

select * from {{ ref('stg_orders') }}
