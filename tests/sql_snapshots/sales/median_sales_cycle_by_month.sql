-- median sales cycle by month

-- duckdb, not rewritten
SELECT
  DATE_TRUNC('month', close_date) AS metric_time__month
  , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(sales_cycle_days AS DOUBLE)) AS median_sales_cycle_days
FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
GROUP BY
  DATE_TRUNC('month', close_date)
ORDER BY metric_time__month

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
SELECT
  DATE_TRUNC('month', close_date) AS metric_time__month
  , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (sales_cycle_days)) AS median_sales_cycle_days
FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
GROUP BY
  DATE_TRUNC('month', close_date)
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
