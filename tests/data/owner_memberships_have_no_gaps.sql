-- An owner is in exactly one row at any time: the first begins before every fact, each next one
-- where the last ended, and the last has no end. A fact would else be in two teams, or in none.

with

memberships as (

    select
        owner_id,
        valid_from,
        valid_to,
        lag(valid_to) over (partition by owner_id order by valid_from) as previous_valid_to,
        row_number() over (partition by owner_id order by valid_from) as membership_number,
        row_number() over (partition by owner_id order by valid_from desc) as from_the_last
    from {{ ref('dim_owner_memberships') }}

)

select *
from memberships
where
    valid_from >= coalesce(valid_to, {{ source_dt_end() }})
    or (from_the_last = 1) != (valid_to is null)
    or (membership_number = 1 and valid_from > cast('1900-01-01' as timestamp))
    or (membership_number > 1 and valid_from is distinct from previous_valid_to)
