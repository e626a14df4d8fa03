select amount, build from {{ ref('totals') }}
