-- A won opportunity with a close date before its creation has no sales cycle and is left out of it.

{{ config(severity='warn') }}

select
    opportunity_id,
    created_at,
    close_date
from {{ ref('fct_opportunities') }}
where
    is_won
    and cast(close_date as date) < cast(created_at as date)
