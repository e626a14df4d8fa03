-- buyers by month and region

-- duckdb, not rewritten
SELECT
  DATE_TRUNC('month', orders_src_10000.ordered_at) AS metric_time__month
  , customers_src_10000.region AS customer__region
  , COUNT(DISTINCT orders_src_10000.customer_id) AS buyers
FROM "market"."main"."orders" orders_src_10000
LEFT OUTER JOIN
  "market"."main"."customers" customers_src_10000
ON
  orders_src_10000.customer_id = customers_src_10000.customer_id
GROUP BY
  DATE_TRUNC('month', orders_src_10000.ordered_at)
  , customers_src_10000.region
ORDER BY metric_time__month, customer__region

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  DATE_TRUNC('month', orders_src_10000.ordered_at) AS metric_time__month
  , customers_src_10000.region AS customer__region
  , COUNT(DISTINCT orders_src_10000.customer_id) AS buyers
FROM "market"."main"."orders" orders_src_10000
LEFT OUTER JOIN
  "market"."main"."customers" customers_src_10000
ON
  orders_src_10000.customer_id = customers_src_10000.customer_id
GROUP BY
  DATE_TRUNC('month', orders_src_10000.ordered_at)
  , customers_src_10000.region
ORDER BY metric_time__month, customer__region

-- postgres, rewritten
-- the same as not rewritten
