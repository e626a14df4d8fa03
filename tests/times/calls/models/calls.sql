{{ config(materialized='table') }}

select
    call_id,
    called_at,
    cast(called_at as date) as called_on
from (
    values
    (1, cast('2024-02-01 02:00:00+00' as timestamptz)),
    (2, cast('2024-02-01 12:00:00+00' as timestamptz)),
    (3, cast('2024-02-29 23:30:00+00' as timestamptz)),
    (4, cast('2024-03-01 00:00:00+00' as timestamptz)),
    (5, cast('2024-03-01 11:59:59+00' as timestamptz)),
    (6, cast('2024-03-01 12:00:00+00' as timestamptz)),
    (7, cast('2024-03-01 12:00:01+00' as timestamptz))
) as given(call_id, called_at)
