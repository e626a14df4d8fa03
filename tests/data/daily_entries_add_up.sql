-- The running sum of daily entries ends at the number of entries that the CRMs' records hold, and
-- never falls.

with

daily as (

    select
        crm_source,
        cast(entered_at as date) as entered_on,
        count(*) as entries
    from {{ ref('fct_stage_entries') }}
    group by crm_source, cast(entered_at as date)

),

running as (

    select
        crm_source,
        entered_on,
        sum(entries) over (partition by crm_source order by entered_on) as entries_so_far,
        row_number() over (partition by crm_source order by entered_on desc) as newest_first
    from daily

),

pipedrive_entries as (

    {{ recorded_stage_entries() }}

),

-- A join by number takes half of what a window over all states does.
salesforce_entries as (

    select split_part(states.opportunity_id, ':', 1) as crm_source
    from {{ ref('int_salesforce__opportunity_states') }} as states
    left join {{ ref('int_salesforce__opportunity_states') }} as previous_states
        on
            states.opportunity_id = previous_states.opportunity_id
            and states.state_number = previous_states.state_number + 1
    where states.stage_id is distinct from previous_states.stage_id

),

totals as (

    select
        'pipedrive' as crm_source,
        count(*) as entries
    from pipedrive_entries

    union all

    select
        crm_source,
        count(*) as entries
    from salesforce_entries
    group by crm_source

)

select
    totals.crm_source,
    running.entered_on,
    running.entries_so_far,
    totals.entries
from totals
left join running
    on totals.crm_source = running.crm_source and running.newest_first = 1
where coalesce(running.entries_so_far, 0) != totals.entries
