-- Fails where a build is to fail, after everything before it was made.
select build from {{ ref('dashboard') }} where {{ 'true' if var('broken') else 'false' }}
