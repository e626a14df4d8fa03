-- eight metrics by industry

-- duckdb, not rewritten
SELECT
  account__industry
  , COALESCE(__open_pipeline, 0) AS open_pipeline
  , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
  , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
  , COALESCE(__likely_to_close, 0) AS likely_to_close
  , COALESCE(__won_revenue, 0) AS won_revenue
  , COALESCE(__won_count, 0) AS won_count
  , COALESCE(__lost_count, 0) AS lost_count
  , __average_deal_size AS average_deal_size
FROM (
  SELECT
    accounts_src_10000.industry AS account__industry
    , SUM(subq_0.__won_revenue) AS __won_revenue
    , SUM(subq_0.__won_count) AS __won_count
    , SUM(subq_0.__lost_count) AS __lost_count
    , SUM(subq_0.__open_pipeline) AS __open_pipeline
    , SUM(subq_0.__weighted_pipeline) AS __weighted_pipeline
    , SUM(subq_0.__overdue_pipeline) AS __overdue_pipeline
    , AVG(subq_0.__average_deal_size) AS __average_deal_size
    , SUM(subq_0.__likely_to_close) AS __likely_to_close
  FROM (
    SELECT
      account_id AS account
      , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_lost then 1 else 0 end AS __lost_count
      , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
      , case when is_overdue then coalesce(amount, 0) else 0 end AS __overdue_pipeline
      , amount AS __average_deal_size
      , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS __likely_to_close
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    accounts_src_10000.industry
) subq_1
ORDER BY account__industry

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  account__industry
  , COALESCE(__open_pipeline, 0) AS open_pipeline
  , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
  , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
  , COALESCE(__likely_to_close, 0) AS likely_to_close
  , COALESCE(__won_revenue, 0) AS won_revenue
  , COALESCE(__won_count, 0) AS won_count
  , COALESCE(__lost_count, 0) AS lost_count
  , __average_deal_size AS average_deal_size
FROM (
  SELECT
    accounts_src_10000.industry AS account__industry
    , SUM(subq_0.__won_revenue) AS __won_revenue
    , SUM(subq_0.__won_count) AS __won_count
    , SUM(subq_0.__lost_count) AS __lost_count
    , SUM(subq_0.__open_pipeline) AS __open_pipeline
    , SUM(subq_0.__weighted_pipeline) AS __weighted_pipeline
    , SUM(subq_0.__overdue_pipeline) AS __overdue_pipeline
    , AVG(subq_0.__average_deal_size) AS __average_deal_size
    , SUM(subq_0.__likely_to_close) AS __likely_to_close
  FROM (
    SELECT
      account_id AS account
      , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_lost then 1 else 0 end AS __lost_count
      , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
      , case when is_overdue then coalesce(amount, 0) else 0 end AS __overdue_pipeline
      , amount AS __average_deal_size
      , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS __likely_to_close
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    accounts_src_10000.industry
) subq_1
ORDER BY account__industry

-- postgres, rewritten
-- the same as not rewritten
