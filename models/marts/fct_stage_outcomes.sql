-- One row a closed opportunity and stage that it ever entered, with how it ended.

with

opportunities as (

    select * from {{ ref('int_opportunities') }}
    where stage_category != 'open'

),

entries as (

    select
        stage_entry_id,
        opportunity_id,
        stage_id,
        row_number() over (
            partition by opportunity_id, stage_id order by entry_number
        ) as entry_number_in_stage
    from {{ ref('int_stage_entries') }}

),

final as (

    select
        -- ids
        entries.stage_entry_id,
        opportunities.opportunity_id,
        opportunities.account_id,
        opportunities.owner_id,
        entries.stage_id,

        -- booleans
        opportunities.stage_category = 'won' as is_won,

        -- timestamps
        opportunities.close_date
    from opportunities
    inner join entries on opportunities.opportunity_id = entries.opportunity_id
    where entries.entry_number_in_stage = 1

)

select * from final
