-- Stages that the stage map does not know, each open, won or lost as the opportunity says that was
-- changed in it last.

with

opportunities as (

    select
        *,
        split_part(opportunity_id, ':', 1) as crm_source
    from {{ ref('int_salesforce__opportunities') }}

),

stage_map as (

    select * from {{ ref('int_stage_map') }}

),

ranked as (

    select
        opportunities.crm_source,
        opportunities.stage_name,
        case
            when opportunities.is_won then 'won'
            when opportunities.is_closed then 'lost'
            else 'open'
        end as stage_category,
        row_number() over (
            partition by opportunities.crm_source, opportunities.stage_name
            order by
                opportunities.modified_at desc,
                {{ by_bytes('opportunities.opportunity_id') }} desc
        ) as newest_first
    from opportunities
    left join stage_map
        on
            opportunities.crm_source = stage_map.crm_source
            and lower(trim(opportunities.stage_name)) = lower(trim(stage_map.stage_name))
    where stage_map.stage_name is null and opportunities.stage_name is not null

),

final as (

    select
        crm_source,
        stage_name,
        stage_category
    from ranked
    where newest_first = 1

)

select * from final
