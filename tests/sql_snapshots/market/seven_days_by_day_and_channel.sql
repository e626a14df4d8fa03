-- seven days by day and channel

-- duckdb, not rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , orders_src_10000.channel AS order__channel
  , SUM(orders_src_10000.amount) AS revenue_7_days
FROM "market"."main"."days" subq_0
INNER JOIN
  "market"."main"."orders" orders_src_10000
ON
  (
    DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
  ) AND (
    DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_0.date_day - INTERVAL 7 day
  )
GROUP BY
  subq_0.date_day
  , orders_src_10000.channel
ORDER BY metric_time__day, order__channel

-- duckdb, rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , subq_1.order__channel AS order__channel
  , SUM(subq_1.__revenue) AS revenue_7_days
FROM "market"."main"."days" subq_0
INNER JOIN (
  SELECT
    DATE_TRUNC('day', ordered_at) AS metric_time__day
    , channel AS order__channel
    , SUM(amount) AS __revenue
  FROM "market"."main"."orders" orders_src_10000
  GROUP BY
    DATE_TRUNC('day', ordered_at)
    , channel
) subq_1
ON
  (
    subq_1.metric_time__day <= subq_0.date_day
  ) AND (
    subq_1.metric_time__day > subq_0.date_day - INTERVAL 7 day
  )
GROUP BY
  subq_0.date_day
  , subq_1.order__channel
ORDER BY metric_time__day, order__channel

-- postgres, not rewritten
SELECT
  subq_0.date_day AS metric_time__day
  , orders_src_10000.channel AS order__channel
  , SUM(orders_src_10000.amount) AS revenue_7_days
FROM "market"."main"."days" subq_0
INNER JOIN
  "market"."main"."orders" orders_src_10000
ON
  (
    DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
  ) AND (
    DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_0.date_day - MAKE_INTERVAL(days => 7)
  )
GROUP BY
  subq_0.date_day
  , orders_src_10000.channel
ORDER BY metric_time__day, order__channel

-- postgres, rewritten
-- the same as not rewritten
