-- A stage that the stage map does not know is kept, but in no funnel step; add it to the stage map.

{{ config(severity='warn') }}

select
    stage_id,
    stage_name
from {{ ref('dim_stages') }}
where not is_known
