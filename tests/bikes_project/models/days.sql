-- Seasons begin in November, February, May and August; fortnights on every second Monday.
select
    cast(days.moment as date) as date_day,
    cast(date_trunc('quarter', days.moment - interval '1 month') + interval '1 month' as date)
        as season,
    cast(
        timestamp '2023-11-27'
        + floor(cast(cast(days.moment as date) - date '2023-11-27' as integer) / 14.0)
        * interval '14 days' as date
    ) as fortnight
from generate_series(
    timestamp '2023-12-01', timestamp '2024-07-31', interval '1 day'
) as days (moment)
