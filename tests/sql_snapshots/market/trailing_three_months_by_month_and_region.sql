-- trailing three months by month and region

-- duckdb, not rewritten
SELECT
  subq_0.metric_time__month AS metric_time__month
  , subq_0.customer__region AS customer__region
  , MAX(CASE
    WHEN subq_0.metric_time__day = subq_1.metric_time__day__last
      THEN subq_0.revenue_3_months
  END) AS revenue_3_months
FROM (
  SELECT
    subq_2.metric_time__day AS metric_time__day
    , subq_2.metric_time__month AS metric_time__month
    , customers_src_10000.region AS customer__region
    , SUM(subq_2.__revenue) AS revenue_3_months
  FROM (
    SELECT
      subq_3.date_day AS metric_time__day
      , DATE_TRUNC('month', subq_3.date_day) AS metric_time__month
      , orders_src_10000.customer_id AS customer
      , orders_src_10000.amount AS __revenue
    FROM "market"."main"."days" subq_3
    INNER JOIN
      "market"."main"."orders" orders_src_10000
    ON
      (
        DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_3.date_day
      ) AND (
        DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_3.date_day - INTERVAL 3 month
      )
  ) subq_2
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_2.customer = customers_src_10000.customer_id
  GROUP BY
    subq_2.metric_time__day
    , subq_2.metric_time__month
    , customers_src_10000.region
) subq_0
LEFT OUTER JOIN (
  SELECT
    DATE_TRUNC('month', date_day) AS metric_time__month
    , MAX(date_day) AS metric_time__day__last
  FROM "market"."main"."days" time_spine_src_10000
  GROUP BY
    DATE_TRUNC('month', date_day)
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  subq_0.metric_time__month
  , subq_0.customer__region
ORDER BY metric_time__month, customer__region

-- duckdb, rewritten
SELECT
  subq_0.metric_time__month AS metric_time__month
  , subq_0.customer__region AS customer__region
  , MAX(CASE
    WHEN subq_0.metric_time__day = subq_1.metric_time__day__last
      THEN subq_0.revenue_3_months
  END) AS revenue_3_months
FROM (
  SELECT
    subq_2.metric_time__day AS metric_time__day
    , subq_2.metric_time__month AS metric_time__month
    , subq_3.customer__region AS customer__region
    , SUM(subq_3.__revenue) AS revenue_3_months
  FROM (
    SELECT
      metric_time__day
      , metric_time__month
    FROM (
      SELECT
        date_day AS metric_time__day
        , DATE_TRUNC('month', date_day) AS metric_time__month
        , FIRST_VALUE(date_day) OVER (
          PARTITION BY DATE_TRUNC('month', date_day)
          ORDER BY date_day DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS metric_time__day__last
        , FIRST_VALUE(date_day) OVER (
          PARTITION BY DATE_TRUNC('month', date_day)
          ORDER BY date_day ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS metric_time__day__first
      FROM "market"."main"."days" subq_4
    ) subq_5
    WHERE (
      metric_time__day = metric_time__day__last
    ) OR (
      metric_time__day = metric_time__day__first
    )
  ) subq_2
  INNER JOIN (
    SELECT
      DATE_TRUNC('day', orders_src_10000.ordered_at) AS metric_time__day
      , customers_src_10000.region AS customer__region
      , SUM(orders_src_10000.amount) AS __revenue
    FROM "market"."main"."orders" orders_src_10000
    LEFT OUTER JOIN
      "market"."main"."customers" customers_src_10000
    ON
      orders_src_10000.customer_id = customers_src_10000.customer_id
    GROUP BY
      DATE_TRUNC('day', orders_src_10000.ordered_at)
      , customers_src_10000.region
  ) subq_3
  ON
    (
      subq_3.metric_time__day <= subq_2.metric_time__day
    ) AND (
      subq_3.metric_time__day > subq_2.metric_time__day - INTERVAL 3 month
    )
  GROUP BY
    subq_2.metric_time__day
    , subq_2.metric_time__month
    , subq_3.customer__region
) subq_0
LEFT OUTER JOIN (
  SELECT
    DATE_TRUNC('month', date_day) AS metric_time__month
    , MAX(date_day) AS metric_time__day__last
  FROM "market"."main"."days" time_spine_src_10000
  GROUP BY
    DATE_TRUNC('month', date_day)
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  subq_0.metric_time__month
  , subq_0.customer__region
ORDER BY metric_time__month, customer__region

-- postgres, not rewritten
SELECT
  subq_0.metric_time__month AS metric_time__month
  , subq_0.customer__region AS customer__region
  , MAX(CASE
    WHEN subq_0.metric_time__day = subq_1.metric_time__day__last
      THEN subq_0.revenue_3_months
  END) AS revenue_3_months
FROM (
  SELECT
    subq_2.metric_time__day AS metric_time__day
    , subq_2.metric_time__month AS metric_time__month
    , customers_src_10000.region AS customer__region
    , SUM(subq_2.__revenue) AS revenue_3_months
  FROM (
    SELECT
      subq_3.date_day AS metric_time__day
      , DATE_TRUNC('month', subq_3.date_day) AS metric_time__month
      , orders_src_10000.customer_id AS customer
      , orders_src_10000.amount AS __revenue
    FROM "market"."main"."days" subq_3
    INNER JOIN
      "market"."main"."orders" orders_src_10000
    ON
      (
        DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_3.date_day
      ) AND (
        DATE_TRUNC('day', orders_src_10000.ordered_at) > subq_3.date_day - MAKE_INTERVAL(months => 3)
      )
  ) subq_2
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_2.customer = customers_src_10000.customer_id
  GROUP BY
    subq_2.metric_time__day
    , subq_2.metric_time__month
    , customers_src_10000.region
) subq_0
LEFT OUTER JOIN (
  SELECT
    DATE_TRUNC('month', date_day) AS metric_time__month
    , MAX(date_day) AS metric_time__day__last
  FROM "market"."main"."days" time_spine_src_10000
  GROUP BY
    DATE_TRUNC('month', date_day)
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  subq_0.metric_time__month
  , subq_0.customer__region
ORDER BY metric_time__month, customer__region

-- postgres, rewritten
-- the same as not rewritten
