-- Every entry into a stage, closed ones too, with its exit: the next entry into another stage. What
-- else changes on the way (owner, amount) is no entry; the amount is that of the last state in it.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_deals',
    on_schema_change='fail',
    meta={'deal_key': 'opportunity_id'}
) }}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

history as (

    select
        *,
        lag(stage_id) over (
            partition by opportunity_id order by history_number
        ) as previous_stage_id
    from {{ ref('int_salesforce__opportunity_history') }}
    {% if is_incremental() %}
        where opportunity_id in ({{ deals_to_rewrite(this) }})
    {% endif %}

),

numbered as (

    select
        *,
        sum(
            case when stage_id is distinct from previous_stage_id then 1 else 0 end
        ) over (
            partition by opportunity_id
            order by history_number
            rows between unbounded preceding and current row
        ) as entry_number
    from history

),

stays as (

    select
        *,
        row_number() over (
            partition by opportunity_id, entry_number order by history_number
        ) as state_number,
        last_value(amount) over stay as last_amount,
        last_value(valid_to) over stay as exited_at
    from numbered
    window stay as (
        partition by opportunity_id, entry_number
        order by history_number
        rows between unbounded preceding and unbounded following
    )

),

entries as (

    select
        opportunity_id,
        opportunity_id as deal_id,
        account_id,
        stage_id,
        owner_id,
        stage_category,
        cast(entry_number as integer) as entry_number,
        cast(last_amount as numeric(24, 6)) as amount,
        valid_from as entered_at,
        exited_at,
        raw_changed_at
    from stays
    where state_number = 1

)

select * from entries
