-- stage win rate, of distinct opportunities

-- duckdb, not rewritten
SELECT
  stage_entry__stage_name
  , CAST(COALESCE(__stage_won_opportunities, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__stage_closed_opportunities, 0), 0) AS DOUBLE) AS stage_win_rate
FROM (
  SELECT
    stage_entries_src_10000.stage_name AS stage_entry__stage_name
    , COUNT(DISTINCT subq_0.__stage_won_opportunities) AS __stage_won_opportunities
    , COUNT(DISTINCT subq_0.__stage_closed_opportunities) AS __stage_closed_opportunities
  FROM (
    SELECT
      stage_entry_id AS stage_entry
      , case when is_won then opportunity_id end AS __stage_won_opportunities
      , opportunity_id AS __stage_closed_opportunities
    FROM "sales_pipeline"."marts"."fct_stage_outcomes" stage_outcomes_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ON
    subq_0.stage_entry = stage_entries_src_10000.stage_entry_id
  GROUP BY
    stage_entries_src_10000.stage_name
) subq_1
ORDER BY stage_entry__stage_name

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  stage_entry__stage_name
  , CAST(COALESCE(__stage_won_opportunities, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__stage_closed_opportunities, 0), 0) AS DOUBLE PRECISION) AS stage_win_rate
FROM (
  SELECT
    stage_entries_src_10000.stage_name AS stage_entry__stage_name
    , COUNT(DISTINCT subq_0.__stage_won_opportunities) AS __stage_won_opportunities
    , COUNT(DISTINCT subq_0.__stage_closed_opportunities) AS __stage_closed_opportunities
  FROM (
    SELECT
      stage_entry_id AS stage_entry
      , case when is_won then opportunity_id end AS __stage_won_opportunities
      , opportunity_id AS __stage_closed_opportunities
    FROM "sales_pipeline"."marts"."fct_stage_outcomes" stage_outcomes_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
  ON
    subq_0.stage_entry = stage_entries_src_10000.stage_entry_id
  GROUP BY
    stage_entries_src_10000.stage_name
) subq_1
ORDER BY stage_entry__stage_name

-- postgres, rewritten
-- the same as not rewritten
