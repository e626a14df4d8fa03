-- Sub-step consistency: the sub-steps (2.1, 3.1) are exactly the calls, whole steps exactly the
-- stage entries, and each event is what its source says. That a call needs its stage first is not
-- so: calls are booked on deals that never change stage.

select
    funnel_event_id,
    funnel_step,
    step_kind,
    stage_id
from {{ ref('fct_funnel_events') }}
where
    (funnel_step like '%.%' and step_kind != 'call')
    or (funnel_step not like '%.%' and step_kind = 'call')
    or (step_kind = 'stage' and stage_id is null)
    or (step_kind != 'stage' and stage_id is not null)
    or (step_kind != 'loss' and lost_reason is not null)
