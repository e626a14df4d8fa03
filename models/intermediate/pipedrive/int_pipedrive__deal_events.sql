-- The history of every deal up to the reference date, in order, with the lifecycle each change is
-- in. A deal id may be used again: add_time opens a lifecycle, and a change belongs to the
-- lifecycle opened last. Changes of one instant are taken in the order created, owner, stage,
-- lost.

with

changes as (

    select
        deal_id,
        changed_field_key,
        new_value,
        changed_at,
        case changed_field_key
            when 'add_time' then 1
            when 'user_id' then 2
            when 'stage_id' then 3
            when 'lost_reason' then 4
        end as field_order
    from {{ ref('stg_pipedrive__deal_changes') }}
    where
        changed_at < {{ source_dt_end() }}
        and changed_field_key in ('add_time', 'user_id', 'stage_id', 'lost_reason')

),

numbered as (

    select
        *,
        row_number() over (
            partition by deal_id
            order by changed_at, field_order, {{ by_bytes('new_value') }}
        ) as event_number,
        sum(case when changed_field_key = 'add_time' then 1 else 0 end) over (
            partition by deal_id
            order by changed_at, field_order, {{ by_bytes('new_value') }}
            rows between unbounded preceding and current row
        ) as add_times_so_far
    from changes

),

events as (

    select
        deal_id || ':' || cast(greatest(add_times_so_far, 1) as text) as opportunity_id,
        deal_id,
        cast(greatest(add_times_so_far, 1) as integer) as lifecycle_number,
        event_number,
        changed_field_key,
        new_value,
        changed_at
    from numbered

)

select * from events
