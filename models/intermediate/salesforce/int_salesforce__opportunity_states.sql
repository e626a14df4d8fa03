-- The history of every opportunity replayed: one row a state, valid_from <= t < valid_to, up to
-- the reference date. Rows of one instant collapse to the last by the bytes of their id. The
-- first known state holds from the created date. Where the opportunity row differs from the last
-- history row it is one more state, at its last modification; without any history it is the only
-- one. Versions that the snapshot kept are the history of what the CRM has none of.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_deals',
    on_schema_change='fail',
    pre_hook=[
        "{{ require_currency_rates('int_records__opportunity_history') }}",
        "{{ require_currency_rates('int_salesforce__opportunity_versions') }}"
    ],
    meta={'deal_key': 'opportunity_id'}
) }}

with

opportunities as (

    select * from {{ ref('int_salesforce__opportunities') }}
    {% if is_incremental() %}
        where opportunity_id in ({{ deals_to_rewrite(this) }})
    {% endif %}

),

fingerprints as (

    select * from {{ ref('int_deal_fingerprints') }}

),

rates as (

    select * from {{ ref('currency_rates') }}

),

known_changes as (

    select
        opportunity_id,
        history_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        close_date,
        changed_at
    from {{ ref('int_records__opportunity_history') }}
    where not is_deleted

    union all

    select
        opportunity_id,
        cast(null as text) as history_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        close_date,
        changed_at
    from {{ ref('int_salesforce__opportunity_versions') }}

),

-- One window does both: the order of the changes, and which is the last of its instant.
history as (

    select
        history.opportunity_id,
        history.stage_name,
        history.forecast_category,
        history.currency,
        history.amount,
        history.probability,
        history.close_date,
        -- What was recorded before the creation is the state at the creation.
        greatest(history.changed_at, opportunities.created_at) as changed_at,
        lead(greatest(history.changed_at, opportunities.created_at)) over (
            partition by history.opportunity_id
            order by history.changed_at, {{ by_bytes('history.history_id') }}
        ) as next_changed_at
    from known_changes as history
    inner join opportunities on history.opportunity_id = opportunities.opportunity_id

),

missed_changes as (

    select
        opportunities.opportunity_id,
        opportunities.stage_name,
        opportunities.forecast_category,
        opportunities.currency,
        opportunities.amount,
        opportunities.probability,
        opportunities.close_date,
        case
            when newest.opportunity_id is null then opportunities.created_at
            else greatest(opportunities.modified_at, newest.changed_at)
        end as changed_at
    from opportunities
    left join history as newest
        on
            opportunities.opportunity_id = newest.opportunity_id
            and newest.next_changed_at is null
    where
        newest.opportunity_id is null
        or opportunities.stage_name is distinct from newest.stage_name
        or opportunities.amount is distinct from newest.amount
        or opportunities.probability is distinct from newest.probability
        or opportunities.close_date is distinct from newest.close_date
        or opportunities.currency
        is distinct from coalesce(newest.currency, opportunities.currency)
        or opportunities.forecast_category
        is distinct from coalesce(newest.forecast_category, opportunities.forecast_category)

),

-- Rows of one instant collapse to the last; a missed change comes after all that was recorded.
instants as (

    select
        history.opportunity_id,
        history.stage_name,
        history.forecast_category,
        history.currency,
        history.amount,
        history.probability,
        history.close_date,
        history.changed_at
    from history
    left join missed_changes
        on
            history.opportunity_id = missed_changes.opportunity_id
            and history.changed_at = missed_changes.changed_at
    where
        history.next_changed_at is distinct from history.changed_at
        and missed_changes.opportunity_id is null

    union all

    select * from missed_changes

),

states as (

    select
        *,
        split_part(opportunity_id, ':', 1) as crm_source,
        row_number() over changes as state_number,
        lead(changed_at) over changes as next_change_at
    from instants
    window changes as (partition by opportunity_id order by changed_at)

),

stage_map as (

    select * from {{ ref('int_stage_map') }}

),

unknown_stages as (

    select * from {{ ref('int_salesforce__unknown_stages') }}

),

joined as (

    select
        states.opportunity_id,
        cast(states.state_number as integer) as state_number,
        states.crm_source || ':' || coalesce(stage_map.stage_name, states.stage_name) as stage_id,
        coalesce(stage_map.stage_name, states.stage_name) as stage_name,
        coalesce(states.forecast_category, opportunities.forecast_category) as forecast_category,
        coalesce(
            stage_map.stage_category,
            -- Its own word counts first, where it stands in the stage now.
            case
                when states.stage_name != opportunities.stage_name
                    then unknown_stages.stage_category
                when opportunities.is_won then 'won'
                when opportunities.is_closed then 'lost'
                else 'open'
            end,
            {{ recorded_outcome('states.forecast_category', 'states.probability') }},
            'open'
        ) as stage_category,
        cast(
            states.amount * case
                when states.currency is null then opportunities.rate_to_corporate
                else coalesce(rates.rate_to_corporate, 1)
            end as numeric(24, 6)
        ) as amount,
        coalesce(states.probability, stage_map.default_probability) as probability,
        states.close_date,
        case
            when states.state_number = 1 then opportunities.created_at
            else states.changed_at
        end as valid_from,
        case
            when states.next_change_at < {{ source_dt_end() }} then states.next_change_at
        end as valid_to,
        fingerprints.raw_changed_at
    from states
    inner join opportunities on states.opportunity_id = opportunities.opportunity_id
    inner join fingerprints on states.opportunity_id = fingerprints.deal_key
    left join stage_map
        on
            states.crm_source = stage_map.crm_source
            and lower(trim(states.stage_name)) = lower(trim(stage_map.stage_name))
    left join unknown_stages
        on
            states.crm_source = unknown_stages.crm_source
            and states.stage_name = unknown_stages.stage_name
    left join rates on states.currency = rates.currency
    -- The first state holds from the creation, whenever it was written down.
    where states.state_number = 1 or states.changed_at < {{ source_dt_end() }}

)

select * from joined
