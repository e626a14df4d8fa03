-- One row a change of the open pipeline: what moved it, when, and in which slice. An instant that
-- closes an opportunity takes the amount before it; one that changes amount and slice changes the
-- amount in the old slice and then moves it. What moves no amount is no movement.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key=['opportunity_id', 'history_number', 'movement_type', 'stage_id'],
    event_time='occurred_at',
    indexes=postgres_indexes(['occurred_at'], ['deal_key']),
    on_schema_change='fail'
) }}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

history as (

    select * from {{ ref('fct_opportunity_history') }}
    {% if is_incremental() %}
        where deal_key in (
            {{ deals_with_rows_to_rewrite(this, ref('fct_opportunity_history'), 'valid_from') }}
        )
    {% endif %}

),

-- A join by number needs a fraction of the memory that a window over all columns does.
changes as (

    select
        history.opportunity_id,
        history.deal_key,
        history.account_id,
        history.owner_id,
        history.stage_id,
        history.stage_category,
        history.forecast_category,
        history.history_number,
        history.is_open,
        history.close_date,
        history.valid_from,
        history.raw_changed_at,
        coalesce(history.amount, 0) as new_amount,
        coalesce(previous.amount, 0) as previous_amount,
        previous.history_number as previous_number,
        previous.is_open as was_open,
        previous.owner_id as previous_owner_id,
        previous.stage_id as previous_stage_id,
        previous.forecast_category as previous_forecast_category,
        previous.close_date as previous_close_date,
        previous.is_open and history.is_open as is_still_open,
        (
            history.owner_id is distinct from previous.owner_id
            or history.stage_id is distinct from previous.stage_id
            or history.forecast_category is distinct from previous.forecast_category
            or history.close_quarter is distinct from previous.close_quarter
        ) as is_other_slice
    from history
    left join history as previous
        on
            history.opportunity_id = previous.opportunity_id
            and history.history_number = previous.history_number + 1

),

-- What happens in the slice that the opportunity comes into.
arrivals as (

    select
        opportunity_id,
        deal_key,
        account_id,
        owner_id,
        stage_id,
        forecast_category,
        case
            when previous_number is null then 'created'
            when not was_open then 'reopened'
            else 'moved'
        end as movement_type,
        history_number,
        new_amount as amount,
        close_date,
        valid_from as occurred_at,
        raw_changed_at
    from changes
    where
        is_open
        and (previous_number is null or not was_open or is_other_slice)

),

-- What happens in the slice that it was in.
departures as (

    select
        opportunity_id,
        deal_key,
        account_id,
        previous_owner_id as owner_id,
        previous_stage_id as stage_id,
        previous_forecast_category as forecast_category,
        case
            when is_open then 'moved'
            when stage_category = 'won' then 'won'
            else 'lost'
        end as movement_type,
        history_number,
        case when is_open then -new_amount else previous_amount end as amount,
        previous_close_date as close_date,
        valid_from as occurred_at,
        raw_changed_at
    from changes
    where
        was_open
        and (not is_open or is_other_slice)

),

revaluations as (

    select
        opportunity_id,
        deal_key,
        account_id,
        previous_owner_id as owner_id,
        previous_stage_id as stage_id,
        previous_forecast_category as forecast_category,
        case when new_amount > previous_amount then 'increased' else 'decreased' end
            as movement_type,
        history_number,
        abs(new_amount - previous_amount) as amount,
        previous_close_date as close_date,
        valid_from as occurred_at,
        raw_changed_at
    from changes
    where is_still_open

),

movements as (

    select * from arrivals

    union all

    select * from departures

    union all

    select * from revaluations

),

final as (

    select
        -- ids
        opportunity_id,
        account_id,
        owner_id,
        stage_id,
        deal_key,

        -- strings
        movement_type,
        forecast_category,

        -- numerics
        history_number,
        cast(amount as numeric(24, 6)) as amount,

        -- timestamps
        close_date,
        occurred_at,
        raw_changed_at
    from movements
    where amount != 0

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'occurred_at') }}
{% endif %}
