-- Who was reminded of riding, and how; Cho thrice on one day, and some several times in one moment:
-- the greatest key stands first, in the middle and last.
select reminder_id, rider_id, cast(reminded_at as timestamp) as reminded_at, via
from (
    values
    (4, 3, '2024-03-09 09:00:00', 'mail'),
    (5, 3, '2024-03-09 07:00:00', 'push'),
    (6, 3, '2024-03-09 12:00:00', 'text'),
    (7, 1, '2024-02-15 06:00:00', 'push'),
    (8, 4, '2024-05-01 10:00:00', 'mail'),
    (9, 3, '2024-03-10 08:00:00', 'push'),
    (10, 3, '2024-03-10 08:00:00', 'mail'),
    (3, 3, '2024-03-10 08:00:00', 'text'),
    (12, 2, '2024-05-01 04:00:00', 'text'),
    (11, 2, '2024-05-01 04:00:00', 'push'),
    (13, 4, '2024-05-31 10:00:00', 'push'),
    (14, 4, '2024-05-31 10:00:00', 'mail')
) as reminders (reminder_id, rider_id, reminded_at, via)
