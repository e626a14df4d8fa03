{{ config(materialized='table') }}

select
    cast(days.moment as date) as date_day,
    cast(date_trunc('year', days.moment) as date) as season
from generate_series(
    timestamp '2024-01-01', timestamp '2024-06-30', interval '1 day'
) as days(moment)
