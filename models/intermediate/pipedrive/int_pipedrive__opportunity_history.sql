-- The states of every lifecycle of a deal with their owners: one row a stage, win, loss, reopening
-- or owner, whichever changed, valid_from <= t < valid_to.

with

lifecycles as (

    select * from {{ ref('int_pipedrive__lifecycles') }}

),

states as (

    select * from {{ ref('int_pipedrive__deal_states') }}

),

owners as (

    select * from {{ ref('int_pipedrive__deal_owners') }}

),

stages as (

    select * from {{ ref('int_stages') }}

),

changes as (

    select
        opportunity_id,
        created_at as changed_at,
        cast(null as bigint) as state_number,
        cast(null as bigint) as entry_number,
        cast(null as bigint) as owner_number
    from lifecycles

    union all

    select
        opportunity_id,
        changed_at,
        case when change_kind != 'closed_move' then event_number end as state_number,
        case when change_kind in ('stage_entry', 'closed_move') then event_number end
            as entry_number,
        cast(null as bigint) as owner_number
    from states

    union all

    select
        opportunity_id,
        valid_from as changed_at,
        cast(null as bigint) as state_number,
        cast(null as bigint) as entry_number,
        owner_number
    from owners

),

instants as (

    select
        changes.opportunity_id,
        -- What was recorded before the creation is the state at the creation.
        greatest(changes.changed_at, lifecycles.created_at) as valid_from,
        max(changes.state_number) as state_number,
        max(changes.entry_number) as entry_number,
        max(changes.owner_number) as owner_number
    from changes
    inner join lifecycles on changes.opportunity_id = lifecycles.opportunity_id
    group by changes.opportunity_id, greatest(changes.changed_at, lifecycles.created_at)

),

-- What did not change at an instant is as it was before.
carried as (

    select
        opportunity_id,
        valid_from,
        max(state_number) over history as state_number,
        max(entry_number) over history as entry_number,
        max(owner_number) over history as owner_number,
        row_number() over history as history_number,
        lead(valid_from) over history as valid_to
    from instants
    window history as (partition by opportunity_id order by valid_from)

),

joined as (

    select
        carried.opportunity_id,
        lifecycles.deal_id as deal_key,
        cast(null as {{ text_type() }}) as account_id,
        owners.owner_id,
        stages.stage_id,
        stages.stage_name,
        case states.change_kind when 'win' then 'won' when 'loss' then 'lost' else 'open' end
            as stage_category,
        cast(null as {{ text_type() }}) as forecast_category,
        cast(carried.history_number as integer) as history_number,
        cast(null as numeric(24, 6)) as amount,
        cast(null as numeric(9, 6)) as probability,
        cast(null as timestamp) as close_date,
        carried.valid_from,
        carried.valid_to
    from carried
    inner join lifecycles on carried.opportunity_id = lifecycles.opportunity_id
    left join states
        on
            carried.opportunity_id = states.opportunity_id
            and carried.state_number = states.event_number
    left join states as entries
        on
            carried.opportunity_id = entries.opportunity_id
            and carried.entry_number = entries.event_number
    left join stages on 'pipedrive:' || entries.new_value = stages.stage_id
    left join owners
        on
            carried.opportunity_id = owners.opportunity_id
            and carried.owner_number = owners.owner_number

)

select * from joined
