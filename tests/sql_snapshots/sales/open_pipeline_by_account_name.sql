-- open pipeline by account name

-- duckdb, not rewritten
SELECT
  account
  , account__account_name
  , COALESCE(__open_pipeline, 0) AS open_pipeline
FROM (
  SELECT
    subq_0.account AS account
    , accounts_src_10000.account_name AS account__account_name
    , SUM(subq_0.__open_pipeline) AS __open_pipeline
  FROM (
    SELECT
      account_id AS account
      , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    subq_0.account
    , accounts_src_10000.account_name
) subq_1
ORDER BY account, account__account_name

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  account
  , account__account_name
  , COALESCE(__open_pipeline, 0) AS open_pipeline
FROM (
  SELECT
    subq_0.account AS account
    , accounts_src_10000.account_name AS account__account_name
    , SUM(subq_0.__open_pipeline) AS __open_pipeline
  FROM (
    SELECT
      account_id AS account
      , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    subq_0.account
    , accounts_src_10000.account_name
) subq_1
ORDER BY account, account__account_name

-- postgres, rewritten
-- the same as not rewritten
