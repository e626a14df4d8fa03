{{ config(materialized='table') }}

select distinct
    membership_id,
    customer_id,
    level,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ ref('raw_memberships') }}
