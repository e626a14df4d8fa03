-- The rates that the stage-adjusted pipeline goes by are what the metric stage_win_rate gives by
-- stage: distinct won / distinct closed opportunities that ever entered it.

with

metric as (

    select
        stage_id,
        count(distinct opportunity_id) as closed_count,
        cast(count(distinct case when is_won then opportunity_id end) as {{ double_type() }})
        / count(distinct opportunity_id) as stage_win_rate
    from {{ ref('fct_stage_outcomes') }}
    group by stage_id

)

select
    metric.stage_id as stage_id_of_metric,
    rates.stage_id,
    metric.stage_win_rate as stage_win_rate_of_metric,
    rates.stage_win_rate
from metric
full join {{ ref('int_stage_win_rates') }} as rates on metric.stage_id = rates.stage_id
where
    metric.stage_win_rate is distinct from rates.stage_win_rate
    or metric.closed_count is distinct from rates.closed_count
