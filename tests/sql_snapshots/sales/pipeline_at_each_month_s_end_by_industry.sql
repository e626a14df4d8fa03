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
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('day', snapshot_date) AS snapshot_date__day
    , account_id AS account
    , end_amount AS __pipeline_snapshot
  FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
)

SELECT
  metric_time__month AS metric_time__month
  , account__industry AS account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , accounts_src_10000.industry AS account__industry
    , SUM(subq_0.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('month', subq_1.snapshot_date__day__complete) AS metric_time__month
      , sma_0_cte.account AS account
      , sma_0_cte.__pipeline_snapshot AS __pipeline_snapshot
    FROM sma_0_cte
    INNER JOIN (
      SELECT
        DATE_TRUNC('month', snapshot_date__day) AS metric_time__month
        , MAX(snapshot_date__day) AS snapshot_date__day__complete
      FROM (
        SELECT
          snapshot_date__day
        FROM sma_0_cte
        GROUP BY
          snapshot_date__day
      ) subq_2
      GROUP BY
        DATE_TRUNC('month', snapshot_date__day)
    ) subq_1
    ON
      sma_0_cte.snapshot_date__day = subq_1.snapshot_date__day__complete
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    subq_0.metric_time__month
    , accounts_src_10000.industry
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
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    account_id AS account
    , snapshot_date AS mf_internal_recorded_day
    , end_amount AS __pipeline_snapshot
  FROM "sales_pipeline"."marts"."fct_opportunity_snapshots" opportunity_snapshots_src_10000
)

SELECT
  metric_time__month AS metric_time__month
  , account__industry AS account__industry
  , COALESCE(__pipeline_snapshot, 0) AS pipeline_snapshot
FROM (
  SELECT
    subq_0.metric_time__month AS metric_time__month
    , accounts_src_10000.industry AS account__industry
    , SUM(subq_0.__pipeline_snapshot) AS __pipeline_snapshot
  FROM (
    SELECT
      DATE_TRUNC('month', subq_1.snapshot_date__day__complete) AS metric_time__month
      , sma_0_cte.account AS account
      , sma_0_cte.__pipeline_snapshot AS __pipeline_snapshot
    FROM sma_0_cte
    INNER JOIN (
      SELECT
        mf_internal_recorded_day
        , snapshot_date__day__complete
      FROM (
        SELECT
          mf_internal_recorded_day
          , DATE_TRUNC('day', mf_internal_recorded_day) AS snapshot_date__day
          , MAX(DATE_TRUNC('day', mf_internal_recorded_day)) OVER (PARTITION BY DATE_TRUNC('month', mf_internal_recorded_day)) AS snapshot_date__day__complete
        FROM (
          SELECT
            mf_internal_recorded_day
          FROM sma_0_cte
          GROUP BY
            mf_internal_recorded_day
        ) subq_2
      ) subq_3
      WHERE snapshot_date__day = snapshot_date__day__complete
    ) subq_1
    ON
      sma_0_cte.mf_internal_recorded_day = subq_1.mf_internal_recorded_day
  ) subq_0
  LEFT OUTER JOIN
    "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
  ON
    subq_0.account = accounts_src_10000.account_id
  GROUP BY
    subq_0.metric_time__month
    , accounts_src_10000.industry
) subq_4
ORDER BY metric_time__month, account__industry
