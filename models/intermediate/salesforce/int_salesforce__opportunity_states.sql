-- The history of every opportunity replayed: one row a state, valid_from <= t < valid_to, up to
-- the reference date. Rows of one instant collapse to the last by the bytes of their id. The first
-- known state holds from the created date. Where the opportunity row differs from the last history
-- row it is one more state, at its last modification; without any history it is the only one.

with

opportunities as (

    select * from {{ ref('int_salesforce__opportunities') }}

),

history as (

    select
        history.opportunity_id,
        history.history_id,
        history.stage_name,
        history.forecast_category,
        history.amount,
        history.probability,
        history.close_date,
        history.changed_at
    from {{ ref('stg_salesforce__opportunity_history') }} as history
    inner join opportunities on history.opportunity_id = opportunities.opportunity_id
    where not history.is_deleted

),

numbered_history as (

    select
        *,
        row_number() over (
            partition by opportunity_id
            order by changed_at desc, {{ by_bytes('history_id') }} desc
        ) as newest_first,
        row_number() over (
            partition by opportunity_id, changed_at
            order by {{ by_bytes('history_id') }} desc
        ) as newest_of_instant
    from history

),

missed_changes as (

    select
        opportunities.opportunity_id,
        opportunities.stage_name,
        opportunities.forecast_category,
        opportunities.amount,
        opportunities.probability,
        opportunities.close_date,
        case
            when newest.opportunity_id is null then opportunities.created_at
            else greatest(opportunities.modified_at, newest.changed_at)
        end as changed_at
    from opportunities
    left join numbered_history as newest
        on
            opportunities.opportunity_id = newest.opportunity_id
            and newest.newest_first = 1
    where
        newest.opportunity_id is null
        or opportunities.stage_name is distinct from newest.stage_name
        or opportunities.amount is distinct from newest.amount
        or opportunities.probability is distinct from newest.probability
        or opportunities.close_date is distinct from newest.close_date

),

changes as (

    select
        opportunity_id,
        stage_name,
        forecast_category,
        amount,
        probability,
        close_date,
        changed_at,
        1 as source_order
    from numbered_history
    where newest_of_instant = 1

    union all

    select
        *,
        2 as source_order
    from missed_changes

),

instants as (

    select
        *,
        row_number() over (
            partition by opportunity_id, changed_at order by source_order desc
        ) as newest_of_instant
    from changes
    where changed_at < {{ source_dt_end() }}

),

states as (

    select
        *,
        row_number() over (partition by opportunity_id order by changed_at) as state_number,
        lead(changed_at) over (partition by opportunity_id order by changed_at) as valid_to
    from instants
    where newest_of_instant = 1

),

stage_map as (

    select * from {{ ref('stage_map') }}
    where crm_source = 'salesforce'

),

joined as (

    select
        states.opportunity_id,
        cast(states.state_number as integer) as state_number,
        'salesforce:' || states.stage_name as stage_id,
        states.stage_name,
        coalesce(states.forecast_category, opportunities.forecast_category) as forecast_category,
        coalesce(
            stage_map.stage_category,
            -- A stage that the map does not know is as the opportunity says of its own.
            case
                when states.stage_name != opportunities.stage_name then 'open'
                when opportunities.is_won then 'won'
                when opportunities.is_closed then 'lost'
                else 'open'
            end
        ) as stage_category,
        cast(states.amount * opportunities.rate_to_corporate as numeric(24, 6)) as amount,
        coalesce(states.probability, stage_map.default_probability) as probability,
        states.close_date,
        case
            when states.state_number = 1 then least(opportunities.created_at, states.changed_at)
            else states.changed_at
        end as valid_from,
        states.valid_to
    from states
    inner join opportunities on states.opportunity_id = opportunities.opportunity_id
    left join stage_map on lower(trim(states.stage_name)) = lower(trim(stage_map.stage_name))

)

select * from joined
