select 1 as customer_id, 'EMEA' as region, date '2024-01-01' as since
