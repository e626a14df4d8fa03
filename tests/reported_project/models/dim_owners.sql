select
    owner_id,
    owner_id as crm_user_id,
    owner_name,
    owner_name as owner_label,
    owner_name as owner_name_masked,
    cast(null as text) as team,
    cast(null as text) as manager_name,
    true as is_active,
    true as is_known
from {{ source('crm', 'owners') }}
