-- An open opportunity with an amount but no probability, in a stage without a default in the stage
-- map, counts 0 in the weighted pipeline.

{{ config(severity='warn') }}

select
    opportunity_id,
    stage_name,
    amount
from {{ ref('fct_opportunities') }}
where
    is_open
    and amount is not null
    and probability is null
