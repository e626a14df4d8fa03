-- Which plan a rider had, from a day on until another; Dee never had one.
select rider_id, plan, cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to
from (
    values
    (1, 'basic', '2024-01-03', '2024-02-15'),
    (1, 'plus', '2024-02-15', null),
    (2, 'basic', '2024-01-20', null),
    (3, 'plus', '2024-02-10', '2024-03-10'),
    (3, 'basic', '2024-03-10', null)
) as rider_plans (rider_id, plan, valid_from, valid_to)
