-- trailing twelve months by month and team

-- duckdb, not rewritten
SELECT
  metric_time__month
  , owner__team
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_12m
FROM (
  SELECT
    metric_time__month
    , owner__team
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , subq_0.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , owners_src_10000.team AS owner__team
      , subq_0.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_1.date_month AS metric_time__month
        , subq_2.owner AS owner
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."time_spine_monthly" subq_1
      INNER JOIN (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , owner_id AS owner
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      ON
        (
          subq_2.metric_time__month <= subq_1.date_month
        ) AND (
          subq_2.metric_time__month > subq_1.date_month - INTERVAL 12 month
        )
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_owners" owners_src_10000
    ON
      subq_0.owner = owners_src_10000.owner_id
  ) subq_3
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
    , owner__team
) subq_4
ORDER BY metric_time__month, owner__team

-- duckdb, rewritten
SELECT
  metric_time__month
  , owner__team
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_12m
FROM (
  SELECT
    subq_0.date_month AS metric_time__month
    , subq_1.owner__team AS owner__team
    , SUM(subq_1.__won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM "sales_pipeline"."marts"."time_spine_monthly" subq_0
  INNER JOIN (
    SELECT
      metric_time__month
      , owner__team
      , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_2.metric_time__month AS metric_time__month
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , owners_src_10000.team AS owner__team
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
      FROM (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , owner_id AS owner
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_owners" owners_src_10000
      ON
        subq_2.owner = owners_src_10000.owner_id
    ) subq_3
    WHERE opportunity__is_won_to_date
    GROUP BY
      metric_time__month
      , owner__team
  ) subq_1
  ON
    (
      subq_1.metric_time__month <= subq_0.date_month
    ) AND (
      subq_1.metric_time__month > subq_0.date_month - INTERVAL 12 month
    )
  GROUP BY
    subq_0.date_month
    , subq_1.owner__team
) subq_4
ORDER BY metric_time__month, owner__team

-- postgres, not rewritten
SELECT
  metric_time__month
  , owner__team
  , COALESCE(__won_to_date_measure_fill_nulls_with_0, 0) AS won_revenue_rolling_12m
FROM (
  SELECT
    metric_time__month
    , owner__team
    , SUM(won_to_date_measure_fill_nulls_with_0) AS __won_to_date_measure_fill_nulls_with_0
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , subq_0.opportunity__is_won_to_date AS opportunity__is_won_to_date
      , owners_src_10000.team AS owner__team
      , subq_0.__won_to_date_measure_fill_nulls_with_0 AS won_to_date_measure_fill_nulls_with_0
    FROM (
      SELECT
        subq_1.date_month AS metric_time__month
        , subq_2.owner AS owner
        , subq_2.opportunity__is_won_to_date AS opportunity__is_won_to_date
        , subq_2.__won_to_date_measure_fill_nulls_with_0 AS __won_to_date_measure_fill_nulls_with_0
      FROM "sales_pipeline"."marts"."time_spine_monthly" subq_1
      INNER JOIN (
        SELECT
          DATE_TRUNC('month', close_date) AS metric_time__month
          , owner_id AS owner
          , is_won_to_date AS opportunity__is_won_to_date
          , case when is_won_to_date then coalesce(amount, 0) else 0 end AS __won_to_date_measure_fill_nulls_with_0
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_2
      ON
        (
          subq_2.metric_time__month <= subq_1.date_month
        ) AND (
          subq_2.metric_time__month > subq_1.date_month - MAKE_INTERVAL(months => 12)
        )
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_owners" owners_src_10000
    ON
      subq_0.owner = owners_src_10000.owner_id
  ) subq_3
  WHERE opportunity__is_won_to_date
  GROUP BY
    metric_time__month
    , owner__team
) subq_4
ORDER BY metric_time__month, owner__team

-- postgres, rewritten
-- the same as not rewritten
