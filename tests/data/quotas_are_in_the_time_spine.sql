-- Quotas outside the time spine count in no period: a month mistyped, or planned very far ahead.

{{ config(severity='warn') }}

select
    quotas.owner_id,
    quotas.quota_month,
    quotas.quota
from {{ ref('fct_quotas') }} as quotas
left join {{ ref('time_spine_daily') }} as days on quotas.quota_month = days.date_day
where days.date_day is null
