-- One row a day and state in which an opportunity was open at the day's start, at its end or in
-- between. On the day on which it leaves a slice (closed, or another stage, owner, forecast
-- category or close quarter) the old slice has a last row with nothing at the end: so every slice
-- that was open ever says when it no longer is, and its last row is right under any filter.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key=['opportunity_id', 'history_number', 'snapshot_date'],
    event_time='snapshot_date',
    indexes=postgres_indexes(['snapshot_date'], ['deal_key']),
    on_schema_change='fail'
) }}

{% set today = "cast(" ~ source_dt() ~ " as timestamp)" %}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

history as (

    select * from {{ ref('fct_opportunity_history') }}
    {% if is_incremental() %}
        -- A state has rows up to the day of its end at most.
        where deal_key in (
            {{ deals_with_rows_to_rewrite(
                this, ref('fct_opportunity_history'),
                'coalesce(valid_to, ' ~ source_dt_end() ~ ')'
            ) }}
            and is_open
        )
    {% endif %}

),

-- A state holds at the ends of the days from its first to its last: at none where the next one came
-- on the same day.
open_states as (

    select
        *,
        amount * probability as weighted_amount,
        date_trunc('day', valid_from) as first_day,
        coalesce(date_trunc('day', valid_to) - interval '1 day', {{ today }}) as last_day
    from history
    where is_open

),

neighbours as (

    select
        *,
        lag(last_day) over states as previous_last_day,
        (
            lag(stage_id) over states is not distinct from stage_id
            and lag(owner_id) over states is not distinct from owner_id
            and lag(forecast_category) over states is not distinct from forecast_category
            and lag(close_quarter) over states is not distinct from close_quarter
        ) as is_slice_of_previous,
        lag(amount) over states as previous_amount,
        lag(weighted_amount) over states as previous_weighted_amount,
        lead(first_day) over states as next_first_day,
        (
            lead(stage_id) over states is not distinct from stage_id
            and lead(owner_id) over states is not distinct from owner_id
            and lead(forecast_category) over states is not distinct from forecast_category
            and lead(close_quarter) over states is not distinct from close_quarter
        ) as is_slice_of_next
    from open_states
    where last_day >= first_day
    window states as (partition by opportunity_id order by history_number)

),

stays as (

    select
        opportunity_id,
        deal_key,
        account_id,
        owner_id,
        stage_id,
        forecast_category,
        history_number,
        amount,
        probability,
        weighted_amount,
        coalesce(
            previous_last_day = first_day - interval '1 day' and is_slice_of_previous, false
        ) as is_continued,
        previous_amount,
        previous_weighted_amount,
        close_date,
        first_day,
        last_day,
        valid_to,
        raw_changed_at,
        case
            when next_first_day = last_day + interval '1 day' and is_slice_of_next then last_day
            else least(last_day + interval '1 day', {{ today }})
        end as last_row_day
    from neighbours

    union all

    -- Open for less than a day: nothing at its start or end, but it was there.
    select
        opportunity_id,
        deal_key,
        account_id,
        owner_id,
        stage_id,
        forecast_category,
        history_number,
        amount,
        probability,
        weighted_amount,
        false as is_continued,
        cast(null as numeric(24, 6)) as previous_amount,
        null as previous_weighted_amount,
        close_date,
        first_day,
        last_day,
        valid_to,
        raw_changed_at,
        first_day as last_row_day
    from open_states
    where last_day < first_day

),

days as (

    select
        *,
        {{ each_day('first_day', 'last_row_day') }} as snapshot_date
    from stays
    {% if is_incremental() %}
        where {{ is_to_be_rewritten(this, 'last_row_day') }}
    {% endif %}

),

final as (

    select
        -- ids
        days.opportunity_id,
        days.deal_key,
        days.account_id,
        days.owner_id,
        days.stage_id,

        -- strings
        days.forecast_category,

        -- numerics
        days.history_number,
        days.probability,
        cast(
            case
                when days.snapshot_date > days.first_day then coalesce(days.amount, 0)
                when days.is_continued then coalesce(days.previous_amount, 0)
                else 0
            end as numeric(24, 6)
        ) as start_amount,
        cast(
            case
                when days.snapshot_date > days.first_day then coalesce(days.weighted_amount, 0)
                when days.is_continued then coalesce(days.previous_weighted_amount, 0)
                else 0
            end as numeric(33, 12)
        ) as start_weighted_amount,
        cast(
            case when days.snapshot_date <= days.last_day then coalesce(days.amount, 0) else 0 end
            as numeric(24, 6)
        ) as end_amount,
        cast(
            case
                when days.snapshot_date <= days.last_day then coalesce(days.weighted_amount, 0)
                else 0
            end as numeric(33, 12)
        ) as end_weighted_amount,

        -- booleans
        days.snapshot_date <= days.last_day as is_open_at_end,
        -- A state that ended at midnight was not open on the day that began then.
        coalesce(days.valid_to > days.snapshot_date, true) as is_open_in_day,

        -- timestamps
        days.close_date,
        days.snapshot_date,
        days.raw_changed_at
    from days

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'snapshot_date') }}
{% endif %}
