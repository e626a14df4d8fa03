-- conversion of leads within thirty days by month

-- duckdb, not rewritten
SELECT
  metric_time__month
  , CAST(COALESCE(__converted_within_30_days, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__first_entries_of_step, 0), 0) AS DOUBLE) AS lead_generation_to_qualified_lead_conversion_30d
FROM (
  SELECT
    metric_time__month
    , SUM(first_entries_of_step) AS __first_entries_of_step
    , SUM(converted_within_30_days) AS __converted_within_30_days
  FROM (
    SELECT
      DATE_TRUNC('month', entered_at) AS metric_time__month
      , funnel_step AS stage_entry__funnel_step
      , case when is_first_entry_into_step then 1 else 0 end AS first_entries_of_step
      , case when is_first_entry_into_step and days_to_next_step <= 30 then 1 else 0 end AS converted_within_30_days
    FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ) subq_0
  WHERE stage_entry__funnel_step = '1'
  GROUP BY
    metric_time__month
) subq_1
ORDER BY metric_time__month

-- duckdb, rewritten
SELECT
  metric_time__month
  , CAST(COALESCE(__converted_within_30_days, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__first_entries_of_step, 0), 0) AS DOUBLE) AS lead_generation_to_qualified_lead_conversion_30d
FROM (
  SELECT
    DATE_TRUNC('month', metric_time__day) AS metric_time__month
    , SUM(__value_0) AS __converted_within_30_days
    , SUM(__value_1) AS __first_entries_of_step
  FROM (
    SELECT
      metric_time__day
      , SUM(converted_within_30_days) AS __value_0
      , SUM(first_entries_of_step) AS __value_1
    FROM (
      SELECT
        DATE_TRUNC('day', entered_at) AS metric_time__day
        , funnel_step AS stage_entry__funnel_step
        , case when is_first_entry_into_step then 1 else 0 end AS first_entries_of_step
        , case when is_first_entry_into_step and days_to_next_step <= 30 then 1 else 0 end AS converted_within_30_days
      FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
    ) subq_0
    WHERE stage_entry__funnel_step = '1'
    GROUP BY
      metric_time__day
  ) subq_1
  GROUP BY
    DATE_TRUNC('month', metric_time__day)
) subq_2
ORDER BY metric_time__month

-- postgres, not rewritten
SELECT
  metric_time__month
  , CAST(COALESCE(__converted_within_30_days, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__first_entries_of_step, 0), 0) AS DOUBLE PRECISION) AS lead_generation_to_qualified_lead_conversion_30d
FROM (
  SELECT
    metric_time__month
    , SUM(first_entries_of_step) AS __first_entries_of_step
    , SUM(converted_within_30_days) AS __converted_within_30_days
  FROM (
    SELECT
      DATE_TRUNC('month', entered_at) AS metric_time__month
      , funnel_step AS stage_entry__funnel_step
      , case when is_first_entry_into_step then 1 else 0 end AS first_entries_of_step
      , case when is_first_entry_into_step and days_to_next_step <= 30 then 1 else 0 end AS converted_within_30_days
    FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ) subq_0
  WHERE stage_entry__funnel_step = '1'
  GROUP BY
    metric_time__month
) subq_1
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
