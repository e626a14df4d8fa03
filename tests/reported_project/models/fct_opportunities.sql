select
    deal_id as opportunity_id,
    owner_id,
    stage_id,
    crm_source,
    cast('Pipeline' as text) as forecast_category,
    cast(amount as numeric(24, 6)) as amount,
    cast(probability as numeric(9, 6)) as probability,
    is_open,
    cast('2024-03-01 09:00:00' as timestamp) as created_at,
    cast(
        case when is_open then {{ source_dt() }} - cast('2024-03-01' as date) end as integer
    ) as age_days
from {{ source('crm', 'deals') }}
