-- Freshness: the newest funnel event is no older than 7 days on the reference date. A warning: a
-- team may rest, but an extract that stopped looks just like it.

{{ config(severity='warn') }}

select max(occurred_at) as newest_event_at
from {{ ref('fct_funnel_events') }}
having coalesce(max(occurred_at), cast('1900-01-01' as timestamp))
    < {{ source_dt_end() }} - interval '8 days'
