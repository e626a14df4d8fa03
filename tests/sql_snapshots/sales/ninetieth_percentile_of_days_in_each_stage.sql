-- ninetieth percentile of days in each stage

-- duckdb, not rewritten
SELECT
  stage_name AS stage_entry__stage_name
  , PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(days_in_stage AS DOUBLE)) AS p90_days_in_stage
FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
GROUP BY
  stage_name
ORDER BY stage_entry__stage_name

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  stage_name AS stage_entry__stage_name
  , PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY (days_in_stage)) AS p90_days_in_stage
FROM "sales_pipeline"."marts"."fct_stage_entries" stage_entries_src_10000
GROUP BY
  stage_name
ORDER BY stage_entry__stage_name

-- postgres, rewritten
-- the same as not rewritten
