{{ config(materialized='table') }}

select cast(days.moment as date) as date_day
from generate_series(
    timestamp '2024-01-01', timestamp '2024-03-31', interval '1 day'
) as days(moment)
