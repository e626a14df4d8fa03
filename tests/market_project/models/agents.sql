{{ config(materialized='table') }}

select
    agent_id,
    agent_name,
    nullif(team, '') as team,
    cast(hired_on as date) as hired_on
from {{ ref('raw_agents') }}
