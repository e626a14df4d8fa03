-- pipeline at each month's end by industry

-- duckdb, not rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , subq_0.account__industry AS account__industry
    , SUM(subq_0.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      , DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date) AS metric_time__month
      , accounts_src_10000.industry AS account__industry
      , opportunity_snapshots_src_10000.end_amount AS __pipeline_snapshot
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
  ) subq_0
  INNER JOIN (
    SELECT
      DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date) AS metric_time__month
      , MAX(DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date)) AS snapshot_date__day__complete
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
    GROUP BY
      DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date)
  ) subq_1
  ON
    subq_0.snapshot_date__day = subq_1.snapshot_date__day__complete
  GROUP BY
    subq_0.metric_time__month
    , subq_0.account__industry
) subq_2
ORDER BY metric_time__month, account__industry

-- duckdb, rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    DATE_TRUNC('month', subq_0.snapshot_date__day__complete) AS metric_time__month
    , subq_1.account__industry AS account__industry
    , SUM(subq_1.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      , accounts_src_10000.industry AS account__industry
      , opportunity_snapshots_src_10000.end_amount AS __pipeline_snapshot
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
  ) subq_1
  INNER JOIN (
    SELECT
      DATE_TRUNC('month', snapshot_date__day) AS metric_time__month
      , MAX(snapshot_date__day) AS snapshot_date__day__complete
    FROM (
      SELECT
        DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
      ON
        opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
      GROUP BY
        DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date)
    ) subq_2
    GROUP BY
      DATE_TRUNC('month', snapshot_date__day)
  ) subq_0
  ON
    subq_1.snapshot_date__day = subq_0.snapshot_date__day__complete
  GROUP BY
    DATE_TRUNC('month', subq_0.snapshot_date__day__complete)
    , subq_1.account__industry
) subq_3
ORDER BY metric_time__month, account__industry

-- postgres, not rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , subq_0.account__industry AS account__industry
    , SUM(subq_0.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      , DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date) AS metric_time__month
      , accounts_src_10000.industry AS account__industry
      , opportunity_snapshots_src_10000.end_amount AS __pipeline_snapshot
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
  ) subq_0
  INNER JOIN (
    SELECT
      DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date) AS metric_time__month
      , MAX(DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date)) AS snapshot_date__day__complete
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
    GROUP BY
      DATE_TRUNC('month', opportunity_snapshots_src_10000.snapshot_date)
  ) subq_1
  ON
    subq_0.snapshot_date__day = subq_1.snapshot_date__day__complete
  GROUP BY
    subq_0.metric_time__month
    , subq_0.account__industry
) subq_2
ORDER BY metric_time__month, account__industry

-- postgres, rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    DATE_TRUNC('month', subq_0.snapshot_date__day__complete) AS metric_time__month
    , subq_1.account__industry AS account__industry
    , SUM(subq_1.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      , accounts_src_10000.industry AS account__industry
      , opportunity_snapshots_src_10000.end_amount AS __pipeline_snapshot
    FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
  ) subq_1
  INNER JOIN (
    SELECT
      DATE_TRUNC('month', snapshot_date__day) AS metric_time__month
      , MAX(snapshot_date__day) AS snapshot_date__day__complete
    FROM (
      SELECT
        DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date) AS snapshot_date__day
      FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
      ON
        opportunity_snapshots_src_10000.account_id = accounts_src_10000.account_id
      GROUP BY
        DATE_TRUNC('day', opportunity_snapshots_src_10000.snapshot_date)
    ) subq_2
    GROUP BY
      DATE_TRUNC('month', snapshot_date__day)
  ) subq_0
  ON
    subq_1.snapshot_date__day = subq_0.snapshot_date__day__complete
  GROUP BY
    DATE_TRUNC('month', subq_0.snapshot_date__day__complete)
    , subq_1.account__industry
) subq_3
ORDER BY metric_time__month, account__industry
