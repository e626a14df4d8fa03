-- States in a stage that the stage map does not know and no opportunity stands in any more, as
-- after a renaming: won with Closed and 100 %, lost with Omitted and 0 %, clearly open between 0
-- and 100 %. Others count as open; add their stage to the stage map.

{{ config(severity='warn') }}

select
    states.stage_name,
    states.opportunity_id,
    states.valid_from,
    states.forecast_category,
    states.probability
from {{ ref('int_salesforce__opportunity_states') }} as states
left join {{ ref('int_stage_map') }} as stage_map
    on
        lower(states.stage_name) = lower(trim(stage_map.stage_name))
        and split_part(states.opportunity_id, ':', 1) = stage_map.crm_source
left join {{ ref('int_salesforce__unknown_stages') }} as unknown_stages
    on
        split_part(states.opportunity_id, ':', 1) = unknown_stages.crm_source
        and states.stage_name = unknown_stages.stage_name
where
    stage_map.stage_name is null
    and unknown_stages.stage_name is null
    and states.stage_category = 'open'
    and (
        coalesce(states.probability, 0) in (0, 1)
        or lower(states.forecast_category) = 'closed'
    )
