-- ten accounts with the most won revenue

-- duckdb, not rewritten
SELECT
  account
  , COALESCE(__won_revenue, 0) AS won_revenue
FROM (
  SELECT
    account
    , SUM(__won_revenue) AS __won_revenue
  FROM (
    SELECT
      account_id AS account
      , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  GROUP BY
    account
) subq_1
ORDER BY won_revenue DESC, account
LIMIT 10

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  account
  , COALESCE(__won_revenue, 0) AS won_revenue
FROM (
  SELECT
    account
    , SUM(__won_revenue) AS __won_revenue
  FROM (
    SELECT
      account_id AS account
      , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  GROUP BY
    account
) subq_1
ORDER BY won_revenue DESC NULLS LAST, account
LIMIT 10

-- postgres, rewritten
-- the same as not rewritten
