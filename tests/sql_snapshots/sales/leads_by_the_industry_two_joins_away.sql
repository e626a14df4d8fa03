-- leads by the industry two joins away

-- duckdb, not rewritten
SELECT
  opportunity__account__industry
  , COALESCE(__stage_entries, 0) AS stage_entries
FROM (
  SELECT
    subq_0.account__industry AS opportunity__account__industry
    , SUM(subq_1.__stage_entries) AS __stage_entries
  FROM (
    SELECT
      opportunity_id AS opportunity
      , CASE WHEN stage_entry_id IS NOT NULL THEN 1 ELSE 0 END AS __stage_entries
    FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ) subq_1
  LEFT OUTER JOIN (
    SELECT
      opportunities_src_10000.opportunity_id AS opportunity
      , accounts_src_10000.industry AS account__industry
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunities_src_10000.account_id = accounts_src_10000.account_id
  ) subq_0
  ON
    subq_1.opportunity = subq_0.opportunity
  GROUP BY
    subq_0.account__industry
) subq_2
ORDER BY opportunity__account__industry

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  opportunity__account__industry
  , COALESCE(__stage_entries, 0) AS stage_entries
FROM (
  SELECT
    subq_0.account__industry AS opportunity__account__industry
    , SUM(subq_1.__stage_entries) AS __stage_entries
  FROM (
    SELECT
      opportunity_id AS opportunity
      , CASE WHEN stage_entry_id IS NOT NULL THEN 1 ELSE 0 END AS __stage_entries
    FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ) subq_1
  LEFT OUTER JOIN (
    SELECT
      opportunities_src_10000.opportunity_id AS opportunity
      , accounts_src_10000.industry AS account__industry
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunities_src_10000.account_id = accounts_src_10000.account_id
  ) subq_0
  ON
    subq_1.opportunity = subq_0.opportunity
  GROUP BY
    subq_0.account__industry
) subq_2
ORDER BY opportunity__account__industry

-- postgres, rewritten
-- the same as not rewritten
