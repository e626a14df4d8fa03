-- saved query of paid revenue by region

-- duckdb, not rewritten
SELECT
  metric_time__month
  , customer__region
  , SUM(revenue) AS revenue
  , SUM(orders_placed) AS orders_placed
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , subq_0.order__status AS order__status
    , customers_src_10000.region AS customer__region
    , subq_0.__revenue AS revenue
    , subq_0.__orders_placed AS orders_placed
  FROM (
    SELECT
      DATE_TRUNC('month', ordered_at) AS metric_time__month
      , customer_id AS customer
      , status AS order__status
      , amount AS __revenue
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_placed
    FROM "market"."main"."orders" orders_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_0.customer = customers_src_10000.customer_id
) subq_1
WHERE order__status = 'paid'
GROUP BY
  metric_time__month
  , customer__region

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  metric_time__month
  , customer__region
  , SUM(revenue) AS revenue
  , SUM(orders_placed) AS orders_placed
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , subq_0.order__status AS order__status
    , customers_src_10000.region AS customer__region
    , subq_0.__revenue AS revenue
    , subq_0.__orders_placed AS orders_placed
  FROM (
    SELECT
      DATE_TRUNC('month', ordered_at) AS metric_time__month
      , customer_id AS customer
      , status AS order__status
      , amount AS __revenue
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_placed
    FROM "market"."main"."orders" orders_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_0.customer = customers_src_10000.customer_id
) subq_1
WHERE order__status = 'paid'
GROUP BY
  metric_time__month
  , customer__region

-- postgres, rewritten
-- the same as not rewritten
