-- An entry is left after it is made, by the next one at the latest, and the next funnel step is
-- entered at or after it. An open stage has its days, a closed one none.

with

entries as (

    select
        *,
        lead(entered_at) over (
            partition by opportunity_id order by entry_number
        ) as next_entered_at
    from {{ ref('fct_stage_entries') }}

),

stages as (

    select * from {{ ref('dim_stages') }}

)

select
    entries.stage_entry_id,
    entries.entered_at,
    entries.exited_at,
    entries.next_entered_at,
    entries.next_step_entered_at,
    entries.days_in_stage
from entries
inner join stages on entries.stage_id = stages.stage_id
where
    entries.exited_at < entries.entered_at
    or entries.next_step_entered_at < entries.entered_at
    or entries.days_to_next_step < 0
    or entries.entered_at >= {{ source_dt_end() }}
    or entries.exited_at >= {{ source_dt_end() }}
    or coalesce(entries.exited_at, {{ source_dt_end() }}) > entries.next_entered_at
    or (
        entries.crm_source = 'salesforce'
        and stages.is_known
        and (stages.stage_category = 'open') != (entries.days_in_stage is not null)
    )
    or (entries.days_in_stage is null) != (entries.is_bottleneck is null)
