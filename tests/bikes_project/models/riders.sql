select rider_id, rider_name, city_id, cast(joined_on as date) as joined_on
from (
    values
    (1, 'Ann', 1, '2024-01-03'),
    (2, 'Bob', 2, '2024-01-20'),
    (3, 'Cho', 1, '2024-02-10'),
    (4, 'Dee', null, '2024-03-01')
) as riders (rider_id, rider_name, city_id, joined_on)
