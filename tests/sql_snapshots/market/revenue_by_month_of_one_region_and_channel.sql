-- revenue by month of one region and channel

-- duckdb, not rewritten
SELECT
  metric_time__month
  , SUM(revenue) AS revenue
FROM (
  SELECT
    DATE_TRUNC('month', orders_src_10000.ordered_at) AS metric_time__month
    , orders_src_10000.channel AS order__channel
    , customers_src_10000.region AS customer__region
    , orders_src_10000.amount AS revenue
  FROM "market"."main"."orders" orders_src_10000
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    orders_src_10000.customer_id = customers_src_10000.customer_id
) subq_0
WHERE ((customer__region = 'south') AND (order__channel = 'web'))
GROUP BY
  metric_time__month
ORDER BY metric_time__month

-- duckdb, rewritten
SELECT
  DATE_TRUNC('month', metric_time__day) AS metric_time__month
  , SUM(__value_0) AS revenue
FROM (
  SELECT
    metric_time__day
    , SUM(revenue) AS __value_0
  FROM (
    SELECT
      DATE_TRUNC('day', orders_src_10000.ordered_at) AS metric_time__day
      , orders_src_10000.channel AS order__channel
      , customers_src_10000.region AS customer__region
      , orders_src_10000.amount AS revenue
    FROM "market"."main"."orders" orders_src_10000
    LEFT OUTER JOIN
      "market"."main"."customers" customers_src_10000
    ON
      orders_src_10000.customer_id = customers_src_10000.customer_id
  ) subq_0
  WHERE ((customer__region = 'south') AND (order__channel = 'web'))
  GROUP BY
    metric_time__day
) subq_1
GROUP BY
  DATE_TRUNC('month', metric_time__day)
ORDER BY metric_time__month

-- postgres, not rewritten
SELECT
  metric_time__month
  , SUM(revenue) AS revenue
FROM (
  SELECT
    DATE_TRUNC('month', orders_src_10000.ordered_at) AS metric_time__month
    , orders_src_10000.channel AS order__channel
    , customers_src_10000.region AS customer__region
    , orders_src_10000.amount AS revenue
  FROM "market"."main"."orders" orders_src_10000
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    orders_src_10000.customer_id = customers_src_10000.customer_id
) subq_0
WHERE ((customer__region = 'south') AND (order__channel = 'web'))
GROUP BY
  metric_time__month
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
