{{ config(materialized='table') }}

select
    plan_id,
    cast(planned_for as date) as planned_for,
    calls
from (values (1, '2024-01-01', 10), (2, '2024-04-01', 20)) as given(plan_id, planned_for, calls)
