-- trailing three months by day

-- duckdb, not rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , SUM(orders_src_10000.amount) AS revenue_3_months
FROM "market"."main"."days" subq_0
INNER JOIN
  "market"."main"."orders" orders_src_10000
ON
  (
    DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
  ) AND (
    DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_0.date_day - INTERVAL 3 month
  )
GROUP BY
  subq_0.date_day
ORDER BY metric_time__day

-- duckdb, rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , SUM(subq_1.__revenue) AS revenue_3_months
FROM "market"."main"."days" subq_0
INNER JOIN (
  SELECT
    DATE_TRUNC('day', ordered_at) AS metric_time__day
    , SUM(amount) AS __revenue
  FROM "market"."main"."orders" orders_src_10000
  GROUP BY
    DATE_TRUNC('day', ordered_at)
) subq_1
ON
  (
    subq_1.metric_time__day <= subq_0.date_day
  ) AND (
    subq_1.metric_time__day > subq_0.date_day - INTERVAL 3 month
  )
GROUP BY
  subq_0.date_day
ORDER BY metric_time__day

-- postgres, not rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , SUM(orders_src_10000.amount) AS revenue_3_months
FROM "market"."main"."days" subq_0
INNER JOIN
  "market"."main"."orders" orders_src_10000
ON
  (
    DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
  ) AND (
    DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_0.date_day - MAKE_INTERVAL(months => 3)
  )
GROUP BY
  subq_0.date_day
ORDER BY metric_time__day

-- postgres, rewritten
-- the same as not rewritten
