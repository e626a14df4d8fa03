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
SELECT
  DATE_TRUNC('month', subq_0.stock_day__day__complete) AS metric_time__month
  , stock_src_10000.store AS shelf_day__store
  , SUM(stock_src_10000.quantity) AS stock
FROM "market"."main"."stock" stock_src_10000
INNER JOIN (
  SELECT
    DATE_TRUNC('month', stock_day__day) AS metric_time__month
    , MAX(stock_day__day) AS stock_day__day__complete
  FROM (
    SELECT
      DATE_TRUNC('day', stock_day) AS stock_day__day
    FROM "market"."main"."stock" stock_src_10000
    GROUP BY
      DATE_TRUNC('day', stock_day)
  ) subq_1
  GROUP BY
    DATE_TRUNC('month', stock_day__day)
) subq_0
ON
  DATE_TRUNC('day', stock_src_10000.stock_day) = subq_0.stock_day__day__complete
GROUP BY
  DATE_TRUNC('month', subq_0.stock_day__day__complete)
  , stock_src_10000.store
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
SELECT
  DATE_TRUNC('month', subq_0.stock_day__day__complete) AS metric_time__month
  , stock_src_10000.store AS shelf_day__store
  , SUM(stock_src_10000.quantity) AS stock
FROM "market"."main"."stock" stock_src_10000
INNER JOIN (
  SELECT
    DATE_TRUNC('month', stock_day__day) AS metric_time__month
    , MAX(stock_day__day) AS stock_day__day__complete
  FROM (
    SELECT
      DATE_TRUNC('day', stock_day) AS stock_day__day
    FROM "market"."main"."stock" stock_src_10000
    GROUP BY
      DATE_TRUNC('day', stock_day)
  ) subq_1
  GROUP BY
    DATE_TRUNC('month', stock_day__day)
) subq_0
ON
  DATE_TRUNC('day', stock_src_10000.stock_day) = subq_0.stock_day__day__complete
GROUP BY
  DATE_TRUNC('month', subq_0.stock_day__day__complete)
  , stock_src_10000.store
ORDER BY metric_time__month, shelf_day__store
