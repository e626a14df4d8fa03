-- eight metrics with their own filters by region

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , status AS order__status
    , channel AS order__channel
    , amount > 500 AS order__is_large
    , amount AS __revenue_web
    , amount AS __revenue_large
    , amount AS __revenue_open
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_of_the_web
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_open
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_large
    , amount AS __revenue
    , amount AS __revenue_paid
  FROM "market"."main"."orders" orders_src_10000
)

, sma_1_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , region
  FROM "market"."main"."customers" customers_src_10000
)

SELECT
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region, subq_4.customer__region) AS customer__region
  , MAX(subq_0.revenue) AS revenue
  , MAX(subq_1.revenue_paid) AS revenue_paid
  , MAX(subq_2.revenue_web) AS revenue_web
  , MAX(subq_3.revenue_large) AS revenue_large
  , MAX(subq_4.revenue_open) AS revenue_open
  , MAX(subq_2.orders_of_the_web) AS orders_of_the_web
  , MAX(subq_4.orders_open) AS orders_open
  , MAX(subq_3.orders_large) AS orders_large
FROM (
  SELECT
    sma_1_cte.region AS customer__region
    , SUM(sma_0_cte.__revenue) AS revenue
  FROM sma_0_cte
  LEFT OUTER JOIN
    sma_1_cte
  ON
    sma_0_cte.customer = sma_1_cte.customer
  GROUP BY
    sma_1_cte.region
) subq_0
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_paid) AS revenue_paid
  FROM (
    SELECT
      sma_0_cte.order__status AS order__status
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_paid AS revenue_paid
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_5
  WHERE order__status = 'paid'
  GROUP BY
    customer__region
) subq_1
ON
  subq_0.customer__region = subq_1.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_web) AS revenue_web
    , SUM(orders_of_the_web) AS orders_of_the_web
  FROM (
    SELECT
      sma_0_cte.order__channel AS order__channel
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_web AS revenue_web
      , sma_0_cte.__orders_of_the_web AS orders_of_the_web
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_6
  WHERE order__channel = 'web'
  GROUP BY
    customer__region
) subq_2
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region) = subq_2.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_large) AS revenue_large
    , SUM(orders_large) AS orders_large
  FROM (
    SELECT
      sma_0_cte.order__is_large AS order__is_large
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_large AS revenue_large
      , sma_0_cte.__orders_large AS orders_large
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_7
  WHERE order__is_large
  GROUP BY
    customer__region
) subq_3
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region) = subq_3.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_open) AS revenue_open
    , SUM(orders_open) AS orders_open
  FROM (
    SELECT
      sma_0_cte.order__status AS order__status
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_open AS revenue_open
      , sma_0_cte.__orders_open AS orders_open
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_8
  WHERE order__status = 'open'
  GROUP BY
    customer__region
) subq_4
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region) = subq_4.customer__region
GROUP BY
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region, subq_4.customer__region)
ORDER BY customer__region

-- duckdb, rewritten
SELECT
  customer__region
  , SUM(__revenue) AS revenue
  , SUM(__revenue_paid) FILTER (WHERE order__status = 'paid') AS revenue_paid
  , SUM(__revenue_web) FILTER (WHERE order__channel = 'web') AS revenue_web
  , SUM(__revenue_large) FILTER (WHERE order__is_large) AS revenue_large
  , SUM(__revenue_open) FILTER (WHERE order__status = 'open') AS revenue_open
  , SUM(__orders_of_the_web) FILTER (WHERE order__channel = 'web') AS orders_of_the_web
  , SUM(__orders_open) FILTER (WHERE order__status = 'open') AS orders_open
  , SUM(__orders_large) FILTER (WHERE order__is_large) AS orders_large
FROM (
  SELECT
    subq_0.order__status AS order__status
    , subq_0.order__channel AS order__channel
    , subq_0.order__is_large AS order__is_large
    , customers_src_10000.region AS customer__region
    , subq_0.__revenue_web AS __revenue_web
    , subq_0.__revenue_large AS __revenue_large
    , subq_0.__revenue_open AS __revenue_open
    , subq_0.__orders_of_the_web AS __orders_of_the_web
    , subq_0.__orders_open AS __orders_open
    , subq_0.__orders_large AS __orders_large
    , subq_0.__revenue AS __revenue
    , subq_0.__revenue_paid AS __revenue_paid
  FROM (
    SELECT
      customer_id AS customer
      , status AS order__status
      , channel AS order__channel
      , amount > 500 AS order__is_large
      , amount AS __revenue_web
      , amount AS __revenue_large
      , amount AS __revenue_open
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_of_the_web
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_open
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_large
      , amount AS __revenue
      , amount AS __revenue_paid
    FROM "market"."main"."orders" orders_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_0.customer = customers_src_10000.customer_id
) subq_1
GROUP BY
  customer__region
ORDER BY customer__region

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , status AS order__status
    , channel AS order__channel
    , amount > 500 AS order__is_large
    , amount AS __revenue_web
    , amount AS __revenue_large
    , amount AS __revenue_open
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_of_the_web
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_open
    , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_large
    , amount AS __revenue
    , amount AS __revenue_paid
  FROM "market"."main"."orders" orders_src_10000
)

, sma_1_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , region
  FROM "market"."main"."customers" customers_src_10000
)

SELECT
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region, subq_4.customer__region) AS customer__region
  , MAX(subq_0.revenue) AS revenue
  , MAX(subq_1.revenue_paid) AS revenue_paid
  , MAX(subq_2.revenue_web) AS revenue_web
  , MAX(subq_3.revenue_large) AS revenue_large
  , MAX(subq_4.revenue_open) AS revenue_open
  , MAX(subq_2.orders_of_the_web) AS orders_of_the_web
  , MAX(subq_4.orders_open) AS orders_open
  , MAX(subq_3.orders_large) AS orders_large
FROM (
  SELECT
    sma_1_cte.region AS customer__region
    , SUM(sma_0_cte.__revenue) AS revenue
  FROM sma_0_cte
  LEFT OUTER JOIN
    sma_1_cte
  ON
    sma_0_cte.customer = sma_1_cte.customer
  GROUP BY
    sma_1_cte.region
) subq_0
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_paid) AS revenue_paid
  FROM (
    SELECT
      sma_0_cte.order__status AS order__status
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_paid AS revenue_paid
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_5
  WHERE order__status = 'paid'
  GROUP BY
    customer__region
) subq_1
ON
  subq_0.customer__region = subq_1.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_web) AS revenue_web
    , SUM(orders_of_the_web) AS orders_of_the_web
  FROM (
    SELECT
      sma_0_cte.order__channel AS order__channel
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_web AS revenue_web
      , sma_0_cte.__orders_of_the_web AS orders_of_the_web
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_6
  WHERE order__channel = 'web'
  GROUP BY
    customer__region
) subq_2
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region) = subq_2.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_large) AS revenue_large
    , SUM(orders_large) AS orders_large
  FROM (
    SELECT
      sma_0_cte.order__is_large AS order__is_large
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_large AS revenue_large
      , sma_0_cte.__orders_large AS orders_large
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_7
  WHERE order__is_large
  GROUP BY
    customer__region
) subq_3
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region) = subq_3.customer__region
FULL OUTER JOIN (
  SELECT
    customer__region
    , SUM(revenue_open) AS revenue_open
    , SUM(orders_open) AS orders_open
  FROM (
    SELECT
      sma_0_cte.order__status AS order__status
      , sma_1_cte.region AS customer__region
      , sma_0_cte.__revenue_open AS revenue_open
      , sma_0_cte.__orders_open AS orders_open
    FROM sma_0_cte
    LEFT OUTER JOIN
      sma_1_cte
    ON
      sma_0_cte.customer = sma_1_cte.customer
  ) subq_8
  WHERE order__status = 'open'
  GROUP BY
    customer__region
) subq_4
ON
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region) = subq_4.customer__region
GROUP BY
  COALESCE(subq_0.customer__region, subq_1.customer__region, subq_2.customer__region, subq_3.customer__region, subq_4.customer__region)
ORDER BY customer__region

-- postgres, rewritten
SELECT
  customer__region
  , SUM(__revenue) AS revenue
  , SUM(__revenue_paid) FILTER (WHERE order__status = 'paid') AS revenue_paid
  , SUM(__revenue_web) FILTER (WHERE order__channel = 'web') AS revenue_web
  , SUM(__revenue_large) FILTER (WHERE order__is_large) AS revenue_large
  , SUM(__revenue_open) FILTER (WHERE order__status = 'open') AS revenue_open
  , SUM(__orders_of_the_web) FILTER (WHERE order__channel = 'web') AS orders_of_the_web
  , SUM(__orders_open) FILTER (WHERE order__status = 'open') AS orders_open
  , SUM(__orders_large) FILTER (WHERE order__is_large) AS orders_large
FROM (
  SELECT
    subq_0.order__status AS order__status
    , subq_0.order__channel AS order__channel
    , subq_0.order__is_large AS order__is_large
    , customers_src_10000.region AS customer__region
    , subq_0.__revenue_web AS __revenue_web
    , subq_0.__revenue_large AS __revenue_large
    , subq_0.__revenue_open AS __revenue_open
    , subq_0.__orders_of_the_web AS __orders_of_the_web
    , subq_0.__orders_open AS __orders_open
    , subq_0.__orders_large AS __orders_large
    , subq_0.__revenue AS __revenue
    , subq_0.__revenue_paid AS __revenue_paid
  FROM (
    SELECT
      customer_id AS customer
      , status AS order__status
      , channel AS order__channel
      , amount > 500 AS order__is_large
      , amount AS __revenue_web
      , amount AS __revenue_large
      , amount AS __revenue_open
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_of_the_web
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_open
      , CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END AS __orders_large
      , amount AS __revenue
      , amount AS __revenue_paid
    FROM "market"."main"."orders" orders_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "market"."main"."customers" customers_src_10000
  ON
    subq_0.customer = customers_src_10000.customer_id
) subq_1
GROUP BY
  customer__region
ORDER BY customer__region
