select 1 as visit_id, 1 as customer_id, date '2024-01-02' as visited_on, 'web' as channel
