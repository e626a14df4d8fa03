-- quarter to date by month

-- duckdb, not rewritten
SELECT
  metric_time__month
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_qtd
FROM (
  SELECT
    metric_time__month
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.date_month AS metric_time__month
      , subq_1.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , subq_1.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM "sales_pipeline"."marts"."time_spine_monthly" subq_0
    INNER JOIN (
      SELECT
        DATE_TRUNC('month', close_date) AS metric_time__month
        , is_won_to_date AS opportunity__is_won_to_date
        , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_1
    ON
      (
        subq_1.metric_time__month <= subq_0.date_month
      ) AND (
        subq_1.metric_time__month >= DATE_TRUNC('quarter', subq_0.date_month)
      )
  ) subq_2
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
) subq_3
ORDER BY metric_time__month

-- duckdb, rewritten
SELECT
  metric_time__month
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_qtd
FROM (
  SELECT
    subq_0.date_month AS metric_time__month
    , SUM(subq_1.__won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM "sales_pipeline"."marts"."time_spine_monthly" subq_0
  INNER JOIN (
    SELECT
      metric_time__month
      , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        DATE_TRUNC('month', close_date) AS metric_time__month
        , is_won_to_date AS opportunity__is_won_to_date
        , case when is_won_to_date then coalesce(amount, 0) else 0 end AS won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_2
    WHERE opportunity__is_won_to_date
    GROUP BY
      metric_time__month
  ) subq_1
  ON
    (
      subq_1.metric_time__month <= subq_0.date_month
    ) AND (
      subq_1.metric_time__month >= DATE_TRUNC('quarter', subq_0.date_month)
    )
  GROUP BY
    subq_0.date_month
) subq_3
ORDER BY metric_time__month

-- postgres, not rewritten
SELECT
  metric_time__month
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_qtd
FROM (
  SELECT
    metric_time__month
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.date_month AS metric_time__month
      , subq_1.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , subq_1.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM "sales_pipeline"."marts"."time_spine_monthly" subq_0
    INNER JOIN (
      SELECT
        DATE_TRUNC('month', close_date) AS metric_time__month
        , is_won_to_date AS opportunity__is_won_to_date
        , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_1
    ON
      (
        subq_1.metric_time__month <= subq_0.date_month
      ) AND (
        subq_1.metric_time__month >= DATE_TRUNC('quarter', subq_0.date_month)
      )
  ) subq_2
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
) subq_3
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
