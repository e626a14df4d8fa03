{{ config(materialized='table') }}

-- The market's own quarters begin a month after the calendar's.
select
    cast(days.moment as date) as date_day,
    cast(date_trunc('quarter', days.moment - interval '1 month') + interval '1 month' as date)
        as market_quarter
from generate_series(
    timestamp '2023-12-01', timestamp '2024-12-31', interval '1 day'
) as days(moment)
