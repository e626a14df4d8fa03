-- On the days that this run rewrote an opportunity is open at the end in one state. Older days were
-- looked at when they were written; reading all of them each day would take longer than the build.

select
    opportunity_id,
    snapshot_date,
    count(*) as states
from {{ ref('fct_opportunity_snapshots') }}
where
    is_open_at_end
    and snapshot_date >= {{ rewrite_window_start() }}
group by opportunity_id, snapshot_date
having count(*) > 1
