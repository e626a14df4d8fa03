-- growth by month

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('month', ordered_at) AS metric_time__month
    , amount AS __revenue
  FROM "market"."main"."orders" orders_src_10000
)

SELECT
  metric_time__month AS metric_time__month
  , (now - before) / nullif(before, 0) AS revenue_growth
FROM (
  SELECT
    COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
    , MAX(subq_0.now) AS now
    , MAX(subq_1.before) AS before
  FROM (
    SELECT
      metric_time__month
      , SUM(__revenue) AS now
    FROM sma_0_cte
    GROUP BY
      metric_time__month
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      subq_2.metric_time__month AS metric_time__month
      , subq_3.__revenue AS before
    FROM (
      SELECT
        DATE_TRUNC('month', date_day) AS metric_time__month
      FROM "market"."main"."days" time_spine_src_10000
      GROUP BY
        DATE_TRUNC('month', date_day)
    ) subq_2
    INNER JOIN (
      SELECT
        metric_time__month
        , SUM(__revenue) AS __revenue
      FROM sma_0_cte
      GROUP BY
        metric_time__month
    ) subq_3
    ON
      subq_2.metric_time__month - INTERVAL 1 month = subq_3.metric_time__month
  ) subq_1
  ON
    subq_0.metric_time__month = subq_1.metric_time__month
  GROUP BY
    COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
) subq_4
ORDER BY metric_time__month

-- duckdb, rewritten
WITH agg_0_cte AS (
  SELECT
    DATE_TRUNC('month', metric_time__day) AS metric_time__month
    , SUM(__value_0) AS __value_0
  FROM (
    SELECT
      DATE_TRUNC('day', ordered_at) AS metric_time__day
      , SUM(amount) AS __value_0
    FROM "market"."main"."orders" orders_src_10000
    GROUP BY
      DATE_TRUNC('day', ordered_at)
  ) subq_0
  GROUP BY
    DATE_TRUNC('month', metric_time__day)
)

SELECT
  metric_time__month AS metric_time__month
  , (now - before) / nullif(before, 0) AS revenue_growth
FROM (
  SELECT
    COALESCE(agg_0_cte.metric_time__month, subq_1.metric_time__month) AS metric_time__month
    , MAX(agg_0_cte.__value_0) AS now
    , MAX(subq_1.before) AS before
  FROM agg_0_cte
  FULL OUTER JOIN (
    SELECT
      subq_2.metric_time__month AS metric_time__month
      , agg_0_cte.__value_0 AS before
    FROM (
      SELECT
        DATE_TRUNC('month', date_day) AS metric_time__month
      FROM "market"."main"."days" time_spine_src_10000
      GROUP BY
        DATE_TRUNC('month', date_day)
    ) subq_2
    INNER JOIN
      agg_0_cte
    ON
      subq_2.metric_time__month - INTERVAL 1 month = agg_0_cte.metric_time__month
  ) subq_1
  ON
    agg_0_cte.metric_time__month = subq_1.metric_time__month
  GROUP BY
    COALESCE(agg_0_cte.metric_time__month, subq_1.metric_time__month)
) subq_3
ORDER BY metric_time__month

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('month', ordered_at) AS metric_time__month
    , amount AS __revenue
  FROM "market"."main"."orders" orders_src_10000
)

SELECT
  metric_time__month AS metric_time__month
  , (now - before) / nullif(before, 0) AS revenue_growth
FROM (
  SELECT
    COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
    , MAX(subq_0.now) AS now
    , MAX(subq_1.before) AS before
  FROM (
    SELECT
      metric_time__month
      , SUM(__revenue) AS now
    FROM sma_0_cte
    GROUP BY
      metric_time__month
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      subq_2.metric_time__month AS metric_time__month
      , subq_3.__revenue AS before
    FROM (
      SELECT
        DATE_TRUNC('month', date_day) AS metric_time__month
      FROM "market"."main"."days" time_spine_src_10000
      GROUP BY
        DATE_TRUNC('month', date_day)
    ) subq_2
    INNER JOIN (
      SELECT
        metric_time__month
        , SUM(__revenue) AS __revenue
      FROM sma_0_cte
      GROUP BY
        metric_time__month
    ) subq_3
    ON
      subq_2.metric_time__month - MAKE_INTERVAL(months => 1) = subq_3.metric_time__month
  ) subq_1
  ON
    subq_0.metric_time__month = subq_1.metric_time__month
  GROUP BY
    COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
) subq_4
ORDER BY metric_time__month

-- postgres, rewritten
WITH agg_0_cte AS (
  SELECT
    DATE_TRUNC('month', ordered_at) AS metric_time__month
    , SUM(amount) AS __value_0
  FROM "market"."main"."orders" orders_src_10000
  GROUP BY
    DATE_TRUNC('month', ordered_at)
)

SELECT
  metric_time__month AS metric_time__month
  , (now - before) / nullif(before, 0) AS revenue_growth
FROM (
  SELECT
    COALESCE(agg_0_cte.metric_time__month, subq_0.metric_time__month) AS metric_time__month
    , MAX(agg_0_cte.__value_0) AS now
    , MAX(subq_0.before) AS before
  FROM agg_0_cte
  FULL OUTER JOIN (
    SELECT
      subq_1.metric_time__month AS metric_time__month
      , agg_0_cte.__value_0 AS before
    FROM (
      SELECT
        DATE_TRUNC('month', date_day) AS metric_time__month
      FROM "market"."main"."days" time_spine_src_10000
      GROUP BY
        DATE_TRUNC('month', date_day)
    ) subq_1
    INNER JOIN
      agg_0_cte
    ON
      subq_1.metric_time__month - MAKE_INTERVAL(months => 1) = agg_0_cte.metric_time__month
  ) subq_0
  ON
    agg_0_cte.metric_time__month = subq_0.metric_time__month
  GROUP BY
    COALESCE(agg_0_cte.metric_time__month, subq_0.metric_time__month)
) subq_2
ORDER BY metric_time__month
