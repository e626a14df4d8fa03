-- created by day in a quarter

-- duckdb, not rewritten
SELECT
  metric_time__day
  , COALESCE(__opportunity_count, 0) AS opportunity_count
  , COALESCE(__pipeline_created_amount, 0) AS pipeline_created_amount
FROM (
  SELECT
    metric_time__day
    , SUM(opportunity_count) AS __opportunity_count
    , SUM(pipeline_created_amount) AS __pipeline_created_amount
  FROM (
    SELECT
      DATE_TRUNC('day', created_at) AS metric_time__day
      , CASE WHEN opportunity_id IS NOT NULL THEN 1 ELSE 0 END AS opportunity_count
      , coalesce(amount, 0) AS pipeline_created_amount
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  WHERE (
    (metric_time__day >= CAST('2024-01-01' AS DATE))
  ) AND (
    (metric_time__day <= CAST('2024-03-31' AS DATE))
  )
  GROUP BY
    metric_time__day
) subq_1
ORDER BY metric_time__day

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  metric_time__day
  , COALESCE(__opportunity_count, 0) AS opportunity_count
  , COALESCE(__pipeline_created_amount, 0) AS pipeline_created_amount
FROM (
  SELECT
    metric_time__day
    , SUM(opportunity_count) AS __opportunity_count
    , SUM(pipeline_created_amount) AS __pipeline_created_amount
  FROM (
    SELECT
      DATE_TRUNC('day', created_at) AS metric_time__day
      , CASE WHEN opportunity_id IS NOT NULL THEN 1 ELSE 0 END AS opportunity_count
      , coalesce(amount, 0) AS pipeline_created_amount
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  WHERE (
    (metric_time__day >= CAST('2024-01-01' AS DATE))
  ) AND (
    (metric_time__day <= CAST('2024-03-31' AS DATE))
  )
  GROUP BY
    metric_time__day
) subq_1
ORDER BY metric_time__day

-- postgres, rewritten
-- the same as not rewritten
