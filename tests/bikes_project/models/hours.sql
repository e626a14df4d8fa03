select hours.moment as date_hour
from generate_series(
    timestamp '2023-12-01', timestamp '2024-07-31 23:00:00', interval '1 hour'
) as hours (moment)
