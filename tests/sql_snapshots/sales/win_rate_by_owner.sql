-- win rate by owner

-- duckdb, not rewritten
SELECT
  owner
  , CAST(COALESCE(__won_count, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__win_rate_closed_count, 0), 0) AS DOUBLE) AS win_rate
FROM (
  SELECT
    owner
    , SUM(__won_count) AS __won_count
    , SUM(__win_rate_closed_count) AS __win_rate_closed_count
  FROM (
    SELECT
      owner_id AS owner
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_closed and counts_in_win_rates then 1 else 0 end AS __win_rate_closed_count
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  GROUP BY
    owner
) subq_1
ORDER BY owner

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  owner
  , CAST(COALESCE(__won_count, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__win_rate_closed_count, 0), 0) AS DOUBLE PRECISION) AS win_rate
FROM (
  SELECT
    owner
    , SUM(__won_count) AS __won_count
    , SUM(__win_rate_closed_count) AS __win_rate_closed_count
  FROM (
    SELECT
      owner_id AS owner
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_closed and counts_in_win_rates then 1 else 0 end AS __win_rate_closed_count
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  GROUP BY
    owner
) subq_1
ORDER BY owner

-- postgres, rewritten
-- the same as not rewritten
