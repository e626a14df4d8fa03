-- Quotas and team memberships of owners that no CRM knows are left out: a slip in an id, or
-- somebody who has not come yet.

{{ config(severity='warn') }}

select
    given_owner_id,
    'quota' as given_for,
    count(*) as given
from {{ ref('int_planning__quotas') }}
where not is_of_known_owner
group by given_owner_id

union all

select
    given_owner_id,
    'team' as given_for,
    count(*) as given
from {{ ref('int_planning__team_memberships') }}
where not is_of_known_owner
group by given_owner_id
