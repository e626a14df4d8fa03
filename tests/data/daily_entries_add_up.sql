-- The running sum of daily entries ends at the number of entries, and never falls.

with

daily as (

    select
        cast(entered_at as date) as entered_on,
        count(*) as entries
    from {{ ref('fct_stage_entries') }}
    group by cast(entered_at as date)

),

running as (

    select
        entered_on,
        sum(entries) over (order by entered_on) as entries_so_far,
        row_number() over (order by entered_on desc) as newest_first
    from daily

),

total as (

    select count(*) as entries
    from {{ ref('stg_pipedrive__deal_changes') }}
    where
        changed_field_key = 'stage_id'
        and new_value is not null
        and changed_at < {{ source_dt_end() }}

)

select
    running.entered_on,
    running.entries_so_far,
    total.entries
from running
cross join total
where running.newest_first = 1 and running.entries_so_far != total.entries
