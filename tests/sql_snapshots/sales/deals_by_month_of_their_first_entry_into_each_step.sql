-- deals by month of their first entry into each step

-- duckdb, not rewritten
SELECT
  metric_time__month
  , funnel_event__kpi_name
  , funnel_event__funnel_step
  , COALESCE(__funnel_deals_first_entry, 0) AS funnel_deals_first_entry
FROM (
  SELECT
    metric_time__month
    , funnel_event__funnel_step
    , funnel_event__kpi_name
    , COUNT(DISTINCT funnel_deals_first_entry) AS __funnel_deals_first_entry
  FROM (
    SELECT
      DATE_TRUNC('month', occurred_at) AS metric_time__month
      , funnel_step AS funnel_event__funnel_step
      , kpi_name AS funnel_event__kpi_name
      , is_first_entry AS funnel_event__is_first_entry
      , deal_id AS funnel_deals_first_entry
    FROM "sales_pipeline"."marts"."fct_funnel_events" funnel_events_src_10000
  ) subq_0
  WHERE funnel_event__is_first_entry
  GROUP BY
    metric_time__month
    , funnel_event__funnel_step
    , funnel_event__kpi_name
) subq_1

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  metric_time__month
  , funnel_event__kpi_name
  , funnel_event__funnel_step
  , COALESCE(__funnel_deals_first_entry, 0) AS funnel_deals_first_entry
FROM (
  SELECT
    metric_time__month
    , funnel_event__funnel_step
    , funnel_event__kpi_name
    , COUNT(DISTINCT funnel_deals_first_entry) AS __funnel_deals_first_entry
  FROM (
    SELECT
      DATE_TRUNC('month', occurred_at) AS metric_time__month
      , funnel_step AS funnel_event__funnel_step
      , kpi_name AS funnel_event__kpi_name
      , is_first_entry AS funnel_event__is_first_entry
      , deal_id AS funnel_deals_first_entry
    FROM "sales_pipeline"."marts"."fct_funnel_events" funnel_events_src_10000
  ) subq_0
  WHERE funnel_event__is_first_entry
  GROUP BY
    metric_time__month
    , funnel_event__funnel_step
    , funnel_event__kpi_name
) subq_1

-- postgres, rewritten
-- the same as not rewritten
