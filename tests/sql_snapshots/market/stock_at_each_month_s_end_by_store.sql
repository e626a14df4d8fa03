-- stock at each month's end by store

-- duckdb, not rewritten
SELECT
  subq_0.metric_time__month AS metric_time__month
  , subq_0.shelf_day__store AS shelf_day__store
  , SUM(subq_0.__stock) AS stock
FROM (
  SELECT
    DATE_TRUNC('day', stock_day) AS stock_day__day
    , DATE_TRUNC('month', stock_day) AS metric_time__month
    , store AS shelf_day__store
    , quantity AS __stock
  FROM "market"."main"."stock" stock_src_10000
) subq_0
INNER JOIN (
  SELECT
    DATE_TRUNC('month', stock_day) AS metric_time__month
    , MAX(DATE_TRUNC('day', stock_day)) AS stock_day__day__complete
  FROM "market"."main"."stock" stock_src_10000
  GROUP BY
    DATE_TRUNC('month', stock_day)
) subq_1
ON
  subq_0.stock_day__day = subq_1.stock_day__day__complete
GROUP BY
  subq_0.metric_time__month
  , subq_0.shelf_day__store
ORDER BY metric_time__month, shelf_day__store

-- duckdb, rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('day', stock_day) AS stock_day__day
    , store AS shelf_day__store
    , quantity AS __stock
  FROM "market"."main"."stock" stock_src_10000
)

SELECT
  DATE_TRUNC('month', subq_0.stock_day__day__complete) AS metric_time__month
  , sma_0_cte.shelf_day__store AS shelf_day__store
  , SUM(sma_0_cte.__stock) AS stock
FROM sma_0_cte
INNER JOIN (
  SELECT
    DATE_TRUNC('month', stock_day__day) AS metric_time__month
    , MAX(stock_day__day) AS stock_day__day__complete
  FROM (
    SELECT
      stock_day__day
    FROM sma_0_cte
    GROUP BY
      stock_day__day
  ) subq_1
  GROUP BY
    DATE_TRUNC('month', stock_day__day)
) subq_0
ON
  sma_0_cte.stock_day__day = subq_0.stock_day__day__complete
GROUP BY
  DATE_TRUNC('month', subq_0.stock_day__day__complete)
  , sma_0_cte.shelf_day__store
ORDER BY metric_time__month, shelf_day__store

-- postgres, not rewritten
SELECT
  subq_0.metric_time__month AS metric_time__month
  , subq_0.shelf_day__store AS shelf_day__store
  , SUM(subq_0.__stock) AS stock
FROM (
  SELECT
    DATE_TRUNC('day', stock_day) AS stock_day__day
    , DATE_TRUNC('month', stock_day) AS metric_time__month
    , store AS shelf_day__store
    , quantity AS __stock
  FROM "market"."main"."stock" stock_src_10000
) subq_0
INNER JOIN (
  SELECT
    DATE_TRUNC('month', stock_day) AS metric_time__month
    , MAX(DATE_TRUNC('day', stock_day)) AS stock_day__day__complete
  FROM "market"."main"."stock" stock_src_10000
  GROUP BY
    DATE_TRUNC('month', stock_day)
) subq_1
ON
  subq_0.stock_day__day = subq_1.stock_day__day__complete
GROUP BY
  subq_0.metric_time__month
  , subq_0.shelf_day__store
ORDER BY metric_time__month, shelf_day__store

-- postgres, rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    store AS shelf_day__store
    , stock_day AS mf_internal_recorded_day
    , quantity AS __stock
  FROM "market"."main"."stock" stock_src_10000
)

SELECT
  DATE_TRUNC('month', subq_0.stock_day__day__complete) AS metric_time__month
  , sma_0_cte.shelf_day__store AS shelf_day__store
  , SUM(sma_0_cte.__stock) AS stock
FROM sma_0_cte
INNER JOIN (
  SELECT
    mf_internal_recorded_day
    , stock_day__day__complete
  FROM (
    SELECT
      mf_internal_recorded_day
      , DATE_TRUNC('day', mf_internal_recorded_day) AS stock_day__day
      , MAX(DATE_TRUNC('day', mf_internal_recorded_day)) OVER (PARTITION BY DATE_TRUNC('month', mf_internal_recorded_day)) AS stock_day__day__complete
    FROM (
      SELECT
        mf_internal_recorded_day
      FROM sma_0_cte
      GROUP BY
        mf_internal_recorded_day
    ) subq_1
  ) subq_2
  WHERE stock_day__day = stock_day__day__complete
) subq_0
ON
  sma_0_cte.mf_internal_recorded_day = subq_0.mf_internal_recorded_day
GROUP BY
  DATE_TRUNC('month', subq_0.stock_day__day__complete)
  , sma_0_cte.shelf_day__store
ORDER BY metric_time__month, shelf_day__store
