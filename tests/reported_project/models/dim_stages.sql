select
    'new' as stage_id,
    'New' as stage_name,
    'open' as stage_category,
    1 as stage_order

union all

select
    'late' as stage_id,
    'Late' as stage_name,
    'open' as stage_category,
    2 as stage_order
