-- One row a change of the close date on an opportunity that was open before and after it. What
-- changes in the creating instant, or with a closing or a reopening, is none.

with

history as (

    select
        *,
        lag(is_open) over states as was_open,
        lag(close_date) over states as old_close_date,
        lag(close_quarter) over states as old_close_quarter
    from {{ ref('fct_opportunity_history') }}
    window states as (partition by opportunity_id order by history_number)

),

final as (

    select
        -- ids
        opportunity_id,
        account_id,
        owner_id,
        stage_id,

        -- strings
        forecast_category,

        -- numerics
        history_number,
        amount,
        cast(cast(close_date as date) - cast(old_close_date as date) as integer) as days_moved,

        -- booleans
        close_date > old_close_date as is_push,
        close_quarter > old_close_quarter as is_across_quarters,
        close_quarter < old_close_quarter as is_pulled_in,

        -- timestamps
        old_close_date,
        close_date as new_close_date,
        valid_from as changed_at
    from history
    -- A date that is set for the first time, or cleared, has not moved.
    where
        was_open
        and is_open
        and close_date != old_close_date

)

select * from final
