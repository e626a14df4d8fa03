-- Who owned an opportunity when (SCD-2): valid_from <= t < valid_to, from the created date on.
-- Without tracked owner changes today's owner holds for all days.

with

opportunities as (

    select * from {{ ref('int_salesforce__opportunities') }}

),

changes as (

    select
        owner_changes.opportunity_id,
        owner_changes.change_id,
        owner_changes.old_owner_id,
        owner_changes.new_owner_id,
        -- What was recorded before the creation is the owner at the creation.
        greatest(owner_changes.changed_at, opportunities.created_at) as changed_at,
        row_number() over (
            partition by owner_changes.opportunity_id
            order by owner_changes.changed_at, {{ by_bytes('owner_changes.change_id') }}
        ) as change_number,
        row_number() over (
            partition by owner_changes.opportunity_id
            order by
                owner_changes.changed_at desc,
                {{ by_bytes('owner_changes.change_id') }} desc
        ) = 1 as is_last
    from {{ ref('int_records__owner_changes') }} as owner_changes
    inner join opportunities on owner_changes.opportunity_id = opportunities.opportunity_id

),

-- Today's owner whom no tracked change brought: one more change, at the last modification.
missed_changes as (

    select
        opportunities.opportunity_id,
        opportunities.owner_id as new_owner_id,
        newest.change_number + 1 as change_number,
        greatest(opportunities.modified_at, newest.changed_at) as changed_at
    from opportunities
    inner join changes as newest
        on opportunities.opportunity_id = newest.opportunity_id
    where
        newest.is_last
        and opportunities.owner_id != newest.new_owner_id

),

all_changes as (

    select
        opportunity_id,
        new_owner_id,
        change_number,
        changed_at
    from changes

    union all

    select * from missed_changes

),

beginnings as (

    select
        opportunities.opportunity_id,
        coalesce(changes.old_owner_id, opportunities.owner_id) as owner_id,
        0 as change_number,
        opportunities.created_at as valid_from
    from opportunities
    left join changes
        on opportunities.opportunity_id = changes.opportunity_id and changes.change_number = 1

),

owners as (

    select * from beginnings

    union all

    select
        opportunity_id,
        new_owner_id as owner_id,
        change_number,
        changed_at as valid_from
    from all_changes
    where changed_at < {{ source_dt_end() }}

),

periods as (

    select
        opportunity_id,
        owner_id,
        cast(change_number as integer) as change_number,
        valid_from,
        lead(valid_from) over (
            partition by opportunity_id order by change_number
        ) as valid_to
    from owners

)

select * from periods
