-- One row a closed opportunity and stage that it ever entered, with how it ended; those of a CRM
-- that says nothing of wins are left out.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_deals',
    indexes=postgres_indexes(['close_date'], ['deal_key']),
    on_schema_change='fail',
    meta={'deal_key': 'deal_key'}
) }}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

opportunities as (

    select * from {{ ref('int_opportunities') }}
    where stage_category != 'open' and counts_in_win_rates

),

entries as (

    select
        stage_entry_id,
        opportunity_id,
        deal_id,
        stage_id,
        raw_changed_at,
        row_number() over (
            partition by opportunity_id, stage_id order by entry_number
        ) as entry_number_in_stage
    from {{ ref('int_stage_entries') }}
    {% if is_incremental() %}
        where deal_id in ({{ deals_to_rewrite(this) }})
    {% endif %}

),

final as (

    select
        -- ids
        entries.stage_entry_id,
        opportunities.opportunity_id,
        opportunities.account_id,
        opportunities.owner_id,
        entries.stage_id,
        entries.deal_id as deal_key,

        -- booleans
        opportunities.stage_category = 'won' as is_won,

        -- timestamps
        opportunities.close_date,
        entries.raw_changed_at
    from opportunities
    inner join entries on opportunities.opportunity_id = entries.opportunity_id
    where entries.entry_number_in_stage = 1

)

select * from final
