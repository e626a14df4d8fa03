-- 'Hill' has no city, and nobody counted its docks.
select station_id, city_id, station_name, docks
from (
    values
    (10, 1, 'North', 20),
    (11, 1, 'South', 8),
    (20, 2, 'River', 12),
    (30, null, 'Hill', null),
    (40, 3, 'Po', 16)
) as stations (station_id, city_id, station_name, docks)
