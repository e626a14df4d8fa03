-- Who opened the app; Ann came twice on one day, from two channels.
select visit_id, rider_id, cast(visited_on as date) as visited_on, channel
from (
    values
    (1, 1, '2024-01-04', 'mail'),
    (2, 2, '2024-01-28', 'ad'),
    (3, 2, '2024-01-30', 'mail'),
    (4, 3, '2024-02-10', 'ad'),
    (5, 1, '2024-02-15', 'ad'),
    (6, 1, '2024-02-15', 'mail'),
    (7, 4, '2024-02-20', 'ad'),
    (8, 4, '2024-03-01', null),
    (9, 3, '2024-03-09', 'mail'),
    (10, 2, '2024-03-20', 'ad'),
    (11, 1, '2024-04-02', 'mail'),
    (12, 2, '2024-05-01', 'ad'),
    (13, 4, '2024-05-30', 'mail')
) as visits (visit_id, rider_id, visited_on, channel)
