-- Turin's country is not known.
select city_id, city_name, country
from (
    values (1, 'Basel', 'CH'), (2, 'Lyon', 'FR'), (3, 'Turin', null)
) as cities (city_id, city_name, country)
