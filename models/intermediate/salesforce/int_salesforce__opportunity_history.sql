-- The replayed states of every opportunity with their owners: one row a state or owner, whichever
-- changed, valid_from <= t < valid_to.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_deals',
    on_schema_change='fail',
    meta={'deal_key': 'opportunity_id'}
) }}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

opportunities as (

    select * from {{ ref('int_salesforce__opportunities') }}

),

states as (

    select * from {{ ref('int_salesforce__opportunity_states') }}
    {% if is_incremental() %}
        where opportunity_id in ({{ deals_to_rewrite(this) }})
    {% endif %}

),

owners as (

    select * from {{ ref('int_salesforce__opportunity_owners') }}
    {% if is_incremental() %}
        where opportunity_id in ({{ deals_to_rewrite(this) }})
    {% endif %}

),

-- Few opportunities ever change hands; all others have the one owner in all their states.
handed_over as (

    select distinct opportunity_id from owners
    where change_number > 0

),

changes as (

    select
        states.opportunity_id,
        states.valid_from,
        states.state_number,
        cast(null as integer) as change_number
    from states
    inner join handed_over on states.opportunity_id = handed_over.opportunity_id

    union all

    select
        owners.opportunity_id,
        owners.valid_from,
        cast(null as integer) as state_number,
        owners.change_number
    from owners
    inner join handed_over on owners.opportunity_id = handed_over.opportunity_id

),

instants as (

    select
        opportunity_id,
        valid_from,
        max(state_number) as state_number,
        max(change_number) as change_number
    from changes
    group by opportunity_id, valid_from

),

-- What did not change at an instant is as it was before.
carried as (

    select
        opportunity_id,
        valid_from,
        max(state_number) over history as state_number,
        max(change_number) over history as change_number,
        row_number() over history as history_number,
        lead(valid_from) over history as valid_to
    from instants
    window history as (partition by opportunity_id order by valid_from)

),

timeline as (

    select
        opportunity_id,
        state_number,
        change_number,
        cast(history_number as integer) as history_number,
        valid_from,
        valid_to
    from carried

    union all

    select
        states.opportunity_id,
        states.state_number,
        0 as change_number,
        states.state_number as history_number,
        states.valid_from,
        states.valid_to
    from states
    where states.opportunity_id not in (select handed_over.opportunity_id from handed_over)

),

joined as (

    select
        timeline.opportunity_id,
        timeline.opportunity_id as deal_key,
        opportunities.account_id,
        owners.owner_id,
        states.stage_id,
        states.stage_name,
        states.stage_category,
        states.forecast_category,
        timeline.history_number,
        states.amount,
        states.probability,
        cast(states.close_date as timestamp) as close_date,
        timeline.valid_from,
        timeline.valid_to,
        states.raw_changed_at
    from timeline
    inner join opportunities on timeline.opportunity_id = opportunities.opportunity_id
    inner join states
        on
            timeline.opportunity_id = states.opportunity_id
            and timeline.state_number = states.state_number
    inner join owners
        on
            timeline.opportunity_id = owners.opportunity_id
            and timeline.change_number = owners.change_number

)

select * from joined
