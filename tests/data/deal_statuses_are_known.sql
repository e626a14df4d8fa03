-- A status of a Pipedrive deal that is neither open, won, lost nor deleted changes nothing.

{{ config(severity='warn') }}

select
    new_value as status,
    count(*) as changes
from {{ ref('stg_pipedrive__deal_changes') }}
where
    changed_field_key = 'status'
    and coalesce(lower(new_value), '') not in ('open', 'won', 'lost', 'deleted')
group by new_value
