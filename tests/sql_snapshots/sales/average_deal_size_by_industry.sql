-- average deal size by industry

-- duckdb, not rewritten
SELECT
  accounts_src_10000.industry AS account__industry
  , AVG(opportunities_src_10000.amount) AS average_deal_size
FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
LEFT OUTER JOIN
  "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
ON
  opportunities_src_10000.account_id = accounts_src_10000.account_id
GROUP BY
  accounts_src_10000.industry
ORDER BY account__industry

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  accounts_src_10000.industry AS account__industry
  , AVG(opportunities_src_10000.amount) AS average_deal_size
FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
LEFT OUTER JOIN
  "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
ON
  opportunities_src_10000.account_id = accounts_src_10000.account_id
GROUP BY
  accounts_src_10000.industry
ORDER BY account__industry

-- postgres, rewritten
-- the same as not rewritten
