-- An opportunity that was closed and then opened again, or won and then lost, counts once, in its
-- last state: what was reported before has changed.

{{ config(severity='warn') }}

with

history as (

    select
        *,
        lag(stage_category) over (
            partition by opportunity_id order by history_number
        ) as previous_category
    from {{ ref('fct_opportunity_history') }}

)

select
    opportunity_id,
    previous_category,
    stage_category,
    valid_from
from history
where
    previous_category != 'open'
    and stage_category != previous_category
