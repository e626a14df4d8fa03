-- Progression: of a cohort, those who went on within 30 days are among those within 90, these among
-- those ever, and these among the cohort. Counts of a period need not narrow, cohorts must.

select *
from {{ ref('export_sales_funnel_conversion_monthly') }}
where
    converted_within_30_days > converted_within_90_days
    or converted_within_90_days > converted_ever
    or converted_ever > first_entries_of_step
    or converted_within_30_days < 0
