-- win rate by quarter and team

-- duckdb, not rewritten
SELECT
  metric_time__quarter
  , owner__team
  , CAST(COALESCE(__won_count, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__win_rate_closed_count, 0), 0) AS DOUBLE) AS win_rate
FROM (
  SELECT
    subq_0.metric_time__quarter AS metric_time__quarter
    , owners_src_10000.team AS owner__team
    , SUM(subq_0.__won_count) AS __won_count
    , SUM(subq_0.__win_rate_closed_count) AS __win_rate_closed_count
  FROM (
    SELECT
      DATE_TRUNC('quarter', close_date) AS metric_time__quarter
      , owner_id AS owner
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_closed and counts_in_win_rates then 1 else 0 end AS __win_rate_closed_count
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_owners" owners_src_10000
  ON
    subq_0.owner = owners_src_10000.owner_id
  GROUP BY
    subq_0.metric_time__quarter
    , owners_src_10000.team
) subq_1
ORDER BY metric_time__quarter, owner__team

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  metric_time__quarter
  , owner__team
  , CAST(COALESCE(__won_count, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__win_rate_closed_count, 0), 0) AS DOUBLE PRECISION) AS win_rate
FROM (
  SELECT
    subq_0.metric_time__quarter AS metric_time__quarter
    , owners_src_10000.team AS owner__team
    , SUM(subq_0.__won_count) AS __won_count
    , SUM(subq_0.__win_rate_closed_count) AS __win_rate_closed_count
  FROM (
    SELECT
      DATE_TRUNC('quarter', close_date) AS metric_time__quarter
      , owner_id AS owner
      , case when is_won then 1 else 0 end AS __won_count
      , case when is_closed and counts_in_win_rates then 1 else 0 end AS __win_rate_closed_count
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_owners" owners_src_10000
  ON
    subq_0.owner = owners_src_10000.owner_id
  GROUP BY
    subq_0.metric_time__quarter
    , owners_src_10000.team
) subq_1
ORDER BY metric_time__quarter, owner__team

-- postgres, rewritten
-- the same as not rewritten
