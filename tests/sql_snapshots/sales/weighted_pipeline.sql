-- weighted pipeline

-- duckdb, not rewritten
SELECT
  COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
FROM (
  SELECT
    SUM(case when is_open then coalesce(amount * probability, 0) else 0 end) AS __weighted_pipeline
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
) subq_0

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
FROM (
  SELECT
    SUM(case when is_open then coalesce(amount * probability, 0) else 0 end) AS __weighted_pipeline
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
) subq_0

-- postgres, rewritten
-- the same as not rewritten
