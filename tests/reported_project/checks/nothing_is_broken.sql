-- Fails a build at its end, where the var is_broken says so.

select 1 as broken
from {{ ref('fct_reported_pipeline') }}
where {{ var('is_broken') }}
