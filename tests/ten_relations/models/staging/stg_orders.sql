select order_id, cast(ordered_on as date) as ordered_on, amount, {{ var('build') }} as build
from {{ ref('raw_orders') }}
