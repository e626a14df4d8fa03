-- trailing three months by month and industry

-- duckdb, not rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_3m
FROM (
  SELECT
    metric_time__month
    , account__industry
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , subq_0.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , accounts_src_10000.industry AS account__industry
      , subq_0.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_1.date_month AS metric_time__month
        , subq_2.account AS account
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."time_spine_monthly" subq_1
      INNER JOIN (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , account_id AS account
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      ON
        (
          subq_2.metric_time__month <= subq_1.date_month
        ) AND (
          subq_2.metric_time__month > subq_1.date_month - INTERVAL 3 month
        )
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      subq_0.account = accounts_src_10000.account_id
  ) subq_3
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
    , account__industry
) subq_4
ORDER BY metric_time__month, account__industry

-- duckdb, rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_3m
FROM (
  SELECT
    subq_0.date_month AS metric_time__month
    , subq_1.account__industry AS account__industry
    , SUM(subq_1.__won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM "sales_pipeline"."marts"."time_spine_monthly" subq_0
  INNER JOIN (
    SELECT
      metric_time__month
      , account__industry
      , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_2.metric_time__month AS metric_time__month
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , accounts_src_10000.industry AS account__industry
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
      FROM (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , account_id AS account
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
      ON
        subq_2.account = accounts_src_10000.account_id
    ) subq_3
    WHERE opportunity__is_won_to_date
    GROUP BY
      metric_time__month
      , account__industry
  ) subq_1
  ON
    (
      subq_1.metric_time__month <= subq_0.date_month
    ) AND (
      subq_1.metric_time__month > subq_0.date_month - INTERVAL 3 month
    )
  GROUP BY
    subq_0.date_month
    , subq_1.account__industry
) subq_4
ORDER BY metric_time__month, account__industry

-- postgres, not rewritten
SELECT
  metric_time__month
  , account__industry
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_3m
FROM (
  SELECT
    metric_time__month
    , account__industry
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , subq_0.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , accounts_src_10000.industry AS account__industry
      , subq_0.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_1.date_month AS metric_time__month
        , subq_2.account AS account
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."time_spine_monthly" subq_1
      INNER JOIN (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , account_id AS account
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      ON
        (
          subq_2.metric_time__month <= subq_1.date_month
        ) AND (
          subq_2.metric_time__month > subq_1.date_month - MAKE_INTERVAL(months => 3)
        )
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      subq_0.account = accounts_src_10000.account_id
  ) subq_3
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
    , account__industry
) subq_4
ORDER BY metric_time__month, account__industry

-- postgres, rewritten
-- the same as not rewritten
