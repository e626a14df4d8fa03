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

stages_in_order as (

    select
        stage_id,
        lag(stage_id) over (
            partition by opportunity_id order by state_number
        ) as previous_stage_id
    from {{ ref('int_salesforce__opportunity_states') }}

),

totals as (

    select
        'pipedrive' as crm_source,
        count(*) as entries
    from pipedrive_entries

    union all

    select
        'salesforce' as crm_source,
        count(*) as entries
    from stages_in_order
    where stage_id is distinct from previous_stage_id

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
