-- One row an opportunity, in its state on the reference date. Amounts are in the corporate
-- currency.

{{ config(indexes=postgres_indexes(['opportunity_id'], ['created_at'], ['close_date'])) }}

with

opportunities as (

    select
        opportunities.*,
        opportunities.stage_category = 'open' as is_open,
        {{ whole_days_between(source_dt(), 'cast(opportunities.close_date as date)') }}
            as days_to_close,
        case
            when
                stage_win_rates.closed_count
                >= {{ whole_number_var('fewest_closed_for_stage_win_rate', 1, 100000) }}
                then stage_win_rates.stage_win_rate
            else opportunities.probability
        end as stage_adjusted_probability
    from {{ ref('int_opportunities') }} as opportunities
    left join {{ ref('int_stage_win_rates') }} as stage_win_rates
        on opportunities.stage_id = stage_win_rates.stage_id

),

final as (

    select
        -- ids
        opportunity_id,
        account_id,
        owner_id,
        stage_id,

        -- strings
        opportunity_name,
        opportunity_type,
        lead_source,
        push_reason,
        stage_name,
        forecast_category,
        currency,
        lost_reason,
        next_step,
        description,
        split_part(opportunity_id, ':', 1) as crm_source,
        case
            when not is_open or days_to_close is null then null
            when days_to_close < 0 then 'Overdue'
            when days_to_close <= 30 then '0-30'
            when days_to_close <= 60 then '31-60'
            when days_to_close <= 90 then '61-90'
            else '91+'
        end as close_date_bucket,

        -- numerics
        amount,
        probability,
        case
            when is_open
                then coalesce(cast(amount as {{ double_type() }}) * stage_adjusted_probability, 0)
        end as stage_adjusted_amount,
        cast(
            case
                when
                    stage_category = 'won'
                    and cast(close_date as date) >= cast(created_at as date)
                    then
                        {{ whole_days_between(
                            'cast(created_at as date)', 'cast(close_date as date)'
                        ) }}
            end as integer
        ) as sales_cycle_days,
        cast(
            case
                when is_open
                    then {{ whole_days_between('cast(created_at as date)', source_dt()) }}
            end
            as integer
        ) as age_days,

        -- booleans
        is_open,
        not is_open as is_closed,
        stage_category = 'won' as is_won,
        stage_category = 'lost' as is_lost,
        counts_in_win_rates,
        crm_has_amounts,
        coalesce(stage_category = 'won' and days_to_close <= 0, false) as is_won_to_date,
        coalesce(is_open and days_to_close < 0, false) as is_overdue,
        coalesce(
            is_open
            and probability >= {{ var('likely_to_close_probability') }}
            and days_to_close between 0 and {{ var('likely_to_close_days') }},
            false
        ) as is_likely_to_close,

        -- timestamps
        created_at,
        close_date
    from opportunities

)

select * from final
