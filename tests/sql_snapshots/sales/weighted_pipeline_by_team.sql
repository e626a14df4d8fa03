-- weighted pipeline by team

-- duckdb, not rewritten
SELECT
  owner__team
  , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
FROM (
  SELECT
    owners_src_10000.team AS owner__team
    , SUM(subq_0.__weighted_pipeline) AS __weighted_pipeline
  FROM (
    SELECT
      owner_id AS owner
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_owners" owners_src_10000
  ON
    subq_0.owner = owners_src_10000.owner_id
  GROUP BY
    owners_src_10000.team
) subq_1
ORDER BY owner__team

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  owner__team
  , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
FROM (
  SELECT
    owners_src_10000.team AS owner__team
    , SUM(subq_0.__weighted_pipeline) AS __weighted_pipeline
  FROM (
    SELECT
      owner_id AS owner
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_owners" owners_src_10000
  ON
    subq_0.owner = owners_src_10000.owner_id
  GROUP BY
    owners_src_10000.team
) subq_1
ORDER BY owner__team

-- postgres, rewritten
-- the same as not rewritten
