-- median order by channel

-- duckdb, not rewritten
SELECT
  channel AS order__channel
  , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(amount AS DOUBLE)) AS median_order
FROM "market"."main"."orders" orders_src_10000
GROUP BY
  channel
ORDER BY order__channel

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  channel AS order__channel
  , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (amount)) AS median_order
FROM "market"."main"."orders" orders_src_10000
GROUP BY
  channel
ORDER BY order__channel

-- postgres, rewritten
-- the same as not rewritten
