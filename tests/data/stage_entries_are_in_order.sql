-- An entry is left after it is made, and the next funnel step is entered at or after it.

select
    stage_entry_id,
    entered_at,
    exited_at,
    next_step_entered_at
from {{ ref('fct_stage_entries') }}
where
    exited_at < entered_at
    or next_step_entered_at < entered_at
    or days_to_next_step < 0
    or entered_at >= {{ source_dt_end() }}
    or exited_at >= {{ source_dt_end() }}
