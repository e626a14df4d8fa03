-- A status of a Pipedrive deal that is neither open, won, lost nor deleted changes nothing.

{{ config(severity='warn') }}

with

statuses as (

    select new_value as status
    from {{ ref('stg_pipedrive__deal_changes') }}
    where changed_field_key = 'status'

    union all

    select new_value as status
    from {{ ref('stg_pipedrive__flow_changes') }}
    where changed_field_key = 'status'

    union all

    select status
    from {{ ref('stg_pipedrive__deals') }}
    where status is not null

)

select
    status,
    count(*) as changes
from statuses
where coalesce(lower(status), '') not in ('open', 'won', 'lost', 'deleted')
group by status
