-- The states of every lifecycle of a deal with their owners: one row a stage, win, loss, reopening,
-- owner, value, currency, probability or expected close date, whichever changed,
-- valid_from <= t < valid_to. An open deal closes when it is expected to, a closed one when it did.

{{ config(pre_hook="{{ require_currency_rates('int_pipedrive__deal_values') }}") }}

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

deal_values as (

    select * from {{ ref('int_pipedrive__deal_values') }}

),

rates as (

    select * from {{ ref('currency_rates') }}

),

changes as (

    select
        opportunity_id,
        created_at as changed_at,
        cast(null as bigint) as state_number,
        cast(null as bigint) as entry_number,
        cast(null as bigint) as owner_number,
        cast(null as bigint) as amount_number,
        cast(null as bigint) as currency_number,
        cast(null as bigint) as probability_number,
        cast(null as bigint) as close_date_number
    from lifecycles

    union all

    select
        opportunity_id,
        changed_at,
        case when change_kind != 'closed_move' then event_number end as state_number,
        case when change_kind in ('stage_entry', 'closed_move') then event_number end
            as entry_number,
        cast(null as bigint) as owner_number,
        cast(null as bigint) as amount_number,
        cast(null as bigint) as currency_number,
        cast(null as bigint) as probability_number,
        cast(null as bigint) as close_date_number
    from states

    union all

    select
        opportunity_id,
        valid_from as changed_at,
        cast(null as bigint) as state_number,
        cast(null as bigint) as entry_number,
        owner_number,
        cast(null as bigint) as amount_number,
        cast(null as bigint) as currency_number,
        cast(null as bigint) as probability_number,
        cast(null as bigint) as close_date_number
    from owners

    union all

    select
        opportunity_id,
        changed_at,
        cast(null as bigint) as state_number,
        cast(null as bigint) as entry_number,
        cast(null as bigint) as owner_number,
        case when changed_field_key = 'value' then event_number end as amount_number,
        case when changed_field_key = 'currency' then event_number end as currency_number,
        case when changed_field_key = 'probability' then event_number end as probability_number,
        case when changed_field_key = 'expected_close_date' then event_number end
            as close_date_number
    from deal_values

),

instants as (

    select
        changes.opportunity_id,
        -- What was recorded before the creation is the state at the creation.
        greatest(changes.changed_at, lifecycles.created_at) as valid_from,
        max(changes.state_number) as state_number,
        max(changes.entry_number) as entry_number,
        max(changes.owner_number) as owner_number,
        max(changes.amount_number) as amount_number,
        max(changes.currency_number) as currency_number,
        max(changes.probability_number) as probability_number,
        max(changes.close_date_number) as close_date_number
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
        max(amount_number) over history as amount_number,
        max(currency_number) over history as currency_number,
        max(probability_number) over history as probability_number,
        max(close_date_number) over history as close_date_number,
        row_number() over history as history_number,
        lead(valid_from) over history as valid_to
    from instants
    window history as (partition by opportunity_id order by valid_from)

),

joined as (

    select
        carried.opportunity_id,
        lifecycles.deal_id as deal_key,
        lifecycles.account_id,
        owners.owner_id,
        stages.stage_id,
        stages.stage_name,
        case states.change_kind when 'win' then 'won' when 'loss' then 'lost' else 'open' end
            as stage_category,
        cast(null as {{ text_type() }}) as forecast_category,
        cast(carried.history_number as integer) as history_number,
        cast(amounts.amount * coalesce(rates.rate_to_corporate, 1) as numeric(24, 6)) as amount,
        cast(
            case states.change_kind
                when 'win' then 1
                when 'loss' then 0
                else coalesce(probabilities.probability, stages.default_probability)
            end as numeric(9, 6)
        ) as probability,
        currencies.currency,
        case
            when coalesce(states.change_kind, '') not in ('win', 'loss')
                then close_dates.expected_close_date
            when carried.state_number = max(carried.state_number) over deals
                then lifecycles.close_date
            else date_trunc('day', states.changed_at)
        end as close_date,
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
    left join deal_values as amounts
        on
            carried.opportunity_id = amounts.opportunity_id
            and carried.amount_number = amounts.event_number
    left join deal_values as currencies
        on
            carried.opportunity_id = currencies.opportunity_id
            and carried.currency_number = currencies.event_number
    left join deal_values as probabilities
        on
            carried.opportunity_id = probabilities.opportunity_id
            and carried.probability_number = probabilities.event_number
    left join deal_values as close_dates
        on
            carried.opportunity_id = close_dates.opportunity_id
            and carried.close_date_number = close_dates.event_number
    left join rates on currencies.currency = rates.currency
    window deals as (partition by carried.opportunity_id)

)

select * from joined
