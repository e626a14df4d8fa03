-- Stages that the stage map does not know, each open, won or lost as the opportunity says that was
-- changed in it last.

with

opportunities as (

    select * from {{ ref('int_salesforce__opportunities') }}

),

stage_map as (

    select * from {{ ref('stage_map') }}
    where crm_source = 'salesforce'

),

ranked as (

    select
        opportunities.stage_name,
        case
            when opportunities.is_won then 'won'
            when opportunities.is_closed then 'lost'
            else 'open'
        end as stage_category,
        row_number() over (
            partition by opportunities.stage_name
            order by
                opportunities.modified_at desc,
                {{ by_bytes('opportunities.opportunity_id') }} desc
        ) as newest_first
    from opportunities
    left join stage_map
        on lower(trim(opportunities.stage_name)) = lower(trim(stage_map.stage_name))
    where stage_map.stage_name is null and opportunities.stage_name is not null

),

final as (

    select
        stage_name,
        stage_category
    from ranked
    where newest_first = 1

)

select * from final
