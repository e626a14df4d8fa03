-- ten customers with the most revenue

-- duckdb, not rewritten
SELECT
  customer
  , SUM(revenue) AS revenue
FROM (
  SELECT
    customer_id AS customer
    , amount AS revenue
  FROM "market"."main"."orders" orders_src_10000
) subq_0
WHERE (NOT (customer IS NULL))
GROUP BY
  customer
ORDER BY revenue DESC, customer
LIMIT 10

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  customer
  , SUM(revenue) AS revenue
FROM (
  SELECT
    customer_id AS customer
    , amount AS revenue
  FROM "market"."main"."orders" orders_src_10000
) subq_0
WHERE (NOT (customer IS NULL))
GROUP BY
  customer
ORDER BY revenue DESC NULLS LAST, customer
LIMIT 10

-- postgres, rewritten
-- the same as not rewritten
