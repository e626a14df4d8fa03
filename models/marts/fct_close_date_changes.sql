-- One row a change of the close date on an opportunity that was open before and after it. What
-- changes in the creating instant, or with a closing or a reopening, is none.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key=['opportunity_id', 'history_number'],
    event_time='changed_at',
    indexes=postgres_indexes(['changed_at'], ['deal_key']),
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

changes as (

    select
        history.*,
        previous.close_date as old_close_date,
        previous.close_quarter as old_close_quarter
    from history
    inner join history as previous
        on
            history.opportunity_id = previous.opportunity_id
            and history.history_number = previous.history_number + 1
    -- A date that is set for the first time, or cleared, has not moved.
    where
        history.is_open
        and previous.is_open
        and history.close_date != previous.close_date

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
        forecast_category,

        -- numerics
        history_number,
        amount,
        cast(
            {{ whole_days_between('cast(old_close_date as date)', 'cast(close_date as date)') }}
            as integer
        ) as days_moved,

        -- booleans
        close_date > old_close_date as is_push,
        close_quarter > old_close_quarter as is_across_quarters,
        close_quarter < old_close_quarter as is_pulled_in,

        -- timestamps
        old_close_date,
        close_date as new_close_date,
        valid_from as changed_at,
        raw_changed_at
    from changes

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'changed_at') }}
{% endif %}
