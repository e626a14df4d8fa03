-- Ends of months and of the day, a ride without station, rider, fee or kind, and a month (April)
-- with one ride only.
select
    ride_id,
    rider_id,
    station_id,
    cast(started_at as timestamp) as started_at,
    cast(fee as numeric(12, 2)) as fee,
    minutes,
    kind,
    is_paid
from (
    values
    (1, 1, 10, '2024-01-05 08:15:00', 4.00, 20, 'city', true),
    (2, 2, 20, '2024-01-31 23:30:00', 6.50, 35, 'ebike', true),
    (3, 1, 11, '2024-01-31 09:00:00', 3.00, 15, 'city', false),
    (4, 3, 10, '2024-02-12 18:45:00', 5.00, 25, 'ebike', true),
    (5, 1, 10, '2024-02-14 07:05:00', 4.50, 22, 'city', true),
    (6, 1, 20, '2024-02-15 07:40:00', 9.00, 60, 'ebike', true),
    (7, 3, 11, '2024-02-29 12:00:00', 2.00, 10, 'city', false),
    (8, 2, 20, '2024-02-29 12:30:00', null, 12, 'city', false),
    (9, 4, 30, '2024-03-02 16:20:00', 7.00, 40, 'cargo', true),
    (10, 3, 10, '2024-03-09 10:10:00', 5.50, 28, 'ebike', true),
    (11, 3, 10, '2024-03-10 10:10:00', 5.50, 28, 'ebike', true),
    (12, 1, 40, '2024-03-15 00:00:00', 8.00, 45, 'cargo', true),
    (13, null, 11, '2024-03-15 21:00:00', 2.50, 11, 'city', false),
    (14, 2, null, '2024-03-31 22:59:59', 6.00, 33, null, true),
    (15, 1, 10, '2024-04-30 06:30:00', 12.00, 80, 'ebike', true),
    (16, 2, 20, '2024-05-01 05:00:00', 3.50, 18, 'city', true),
    (17, 3, 11, '2024-05-06 14:00:00', 0.00, 5, 'city', false),
    (18, 1, 20, '2024-05-06 14:10:00', 10.00, 66, 'ebike', true),
    (19, 4, 30, '2024-05-31 19:00:00', 4.00, 21, 'city', true)
) as rides (ride_id, rider_id, station_id, started_at, fee, minutes, kind, is_paid)
