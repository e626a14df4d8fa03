-- An opportunity that was closed and then opened again, or won and then lost, counts once, in its
-- last state: what was reported before has changed.

{{ config(severity='warn') }}

with

-- Few opportunities have a state after one in which they were closed.
went_on as (

    select opportunity_id from {{ ref('fct_opportunity_history') }}
    where stage_category != 'open' and not is_current

),

history as (

    select
        opportunity_id,
        stage_category,
        valid_from,
        lag(stage_category) over (
            partition by opportunity_id order by history_number
        ) as previous_category
    from {{ ref('fct_opportunity_history') }}
    where opportunity_id in (select opportunity_id from went_on)

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
