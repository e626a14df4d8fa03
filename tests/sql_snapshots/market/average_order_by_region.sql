-- average order by region

-- duckdb, not rewritten
SELECT
  customers_src_10000.region AS customer__region
  , AVG(orders_src_10000.amount) AS average_order
FROM "market"."main"."orders" orders_src_10000
LEFT OUTER JOIN
  "market"."main"."customers" customers_src_10000
ON
  orders_src_10000.customer_id = customers_src_10000.customer_id
GROUP BY
  customers_src_10000.region
ORDER BY customer__region

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  customers_src_10000.region AS customer__region
  , AVG(orders_src_10000.amount) AS average_order
FROM "market"."main"."orders" orders_src_10000
LEFT OUTER JOIN
  "market"."main"."customers" customers_src_10000
ON
  orders_src_10000.customer_id = customers_src_10000.customer_id
GROUP BY
  customers_src_10000.region
ORDER BY customer__region

-- postgres, rewritten
-- the same as not rewritten
