-- created and won by month

-- duckdb, not rewritten
WITH rss_0_cte AS (
  SELECT
    case when is_won then 1 else 0 end AS __won_count
    , CASE WHEN opportunity_id IS NOT NULL THEN 1 ELSE 0 END AS __opportunity_count
    , DATE_TRUNC('month', close_date) AS close_date__month
    , DATE_TRUNC('month', created_at) AS created_at__month
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
  , COALESCE(MAX(subq_0.opportunity_count), 0) AS opportunity_count
  , COALESCE(MAX(subq_1.won_count), 0) AS won_count
FROM (
  SELECT
    metric_time__month
    , COALESCE(__opportunity_count, 0) AS opportunity_count
  FROM (
    SELECT
      created_at__month AS metric_time__month
      , SUM(__opportunity_count) AS __opportunity_count
    FROM rss_0_cte
    GROUP BY
      created_at__month
  ) subq_2
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__won_count, 0) AS won_count
  FROM (
    SELECT
      close_date__month AS metric_time__month
      , SUM(__won_count) AS __won_count
    FROM rss_0_cte
    GROUP BY
      close_date__month
  ) subq_3
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
ORDER BY metric_time__month

-- duckdb, rewritten
WITH rss_0_cte AS (
  SELECT
    case when is_won then 1 else 0 end AS __won_count
    , CASE WHEN opportunity_id IS NOT NULL THEN 1 ELSE 0 END AS __opportunity_count
    , DATE_TRUNC('day', close_date) AS close_date__day
    , DATE_TRUNC('day', created_at) AS created_at__day
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
  , COALESCE(MAX(subq_0.opportunity_count), 0) AS opportunity_count
  , COALESCE(MAX(subq_1.won_count), 0) AS won_count
FROM (
  SELECT
    metric_time__month
    , COALESCE(__opportunity_count, 0) AS opportunity_count
  FROM (
    SELECT
      DATE_TRUNC('month', metric_time__day) AS metric_time__month
      , SUM(__value_0) AS __opportunity_count
    FROM (
      SELECT
        created_at__day AS metric_time__day
        , SUM(__opportunity_count) AS __value_0
      FROM rss_0_cte
      GROUP BY
        created_at__day
    ) subq_2
    GROUP BY
      DATE_TRUNC('month', metric_time__day)
  ) subq_3
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__won_count, 0) AS won_count
  FROM (
    SELECT
      DATE_TRUNC('month', metric_time__day) AS metric_time__month
      , SUM(__value_0) AS __won_count
    FROM (
      SELECT
        close_date__day AS metric_time__day
        , SUM(__won_count) AS __value_0
      FROM rss_0_cte
      GROUP BY
        close_date__day
    ) subq_4
    GROUP BY
      DATE_TRUNC('month', metric_time__day)
  ) subq_5
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
ORDER BY metric_time__month

-- postgres, not rewritten
WITH rss_0_cte AS (
  SELECT
    case when is_won then 1 else 0 end AS __won_count
    , CASE WHEN opportunity_id IS NOT NULL THEN 1 ELSE 0 END AS __opportunity_count
    , DATE_TRUNC('month', close_date) AS close_date__month
    , DATE_TRUNC('month', created_at) AS created_at__month
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
  , COALESCE(MAX(subq_0.opportunity_count), 0) AS opportunity_count
  , COALESCE(MAX(subq_1.won_count), 0) AS won_count
FROM (
  SELECT
    metric_time__month
    , COALESCE(__opportunity_count, 0) AS opportunity_count
  FROM (
    SELECT
      created_at__month AS metric_time__month
      , SUM(__opportunity_count) AS __opportunity_count
    FROM rss_0_cte
    GROUP BY
      created_at__month
  ) subq_2
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__won_count, 0) AS won_count
  FROM (
    SELECT
      close_date__month AS metric_time__month
      , SUM(__won_count) AS __won_count
    FROM rss_0_cte
    GROUP BY
      close_date__month
  ) subq_3
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
