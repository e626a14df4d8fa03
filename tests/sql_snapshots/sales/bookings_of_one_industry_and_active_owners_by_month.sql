-- bookings of one industry and active owners by month

-- duckdb, not rewritten
SELECT
  metric_time__month
  , COALESCE(__won_revenue, 0) AS won_revenue
FROM (
  SELECT
    metric_time__month
    , SUM(won_revenue) AS __won_revenue
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , owners_src_10000.is_active AS owner__is_active
      , accounts_src_10000.industry AS account__industry
      , subq_0.__won_revenue AS won_revenue
    FROM (
      SELECT
        DATE_TRUNC('month', close_date) AS metric_time__month
        , account_id AS account
        , owner_id AS owner
        , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_owners" owners_src_10000
    ON
      subq_0.owner = owners_src_10000.owner_id
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      subq_0.account = accounts_src_10000.account_id
  ) subq_1
  WHERE ((account__industry = 'Technology') AND (owner__is_active))
  GROUP BY
    metric_time__month
) subq_2
ORDER BY metric_time__month

-- duckdb, rewritten
SELECT
  metric_time__month
  , COALESCE(__won_revenue, 0) AS won_revenue
FROM (
  SELECT
    DATE_TRUNC('month', metric_time__day) AS metric_time__month
    , SUM(__value_0) AS __won_revenue
  FROM (
    SELECT
      metric_time__day
      , SUM(won_revenue) AS __value_0
    FROM (
      SELECT
        subq_0.metric_time__day AS metric_time__day
        , owners_src_10000.is_active AS owner__is_active
        , accounts_src_10000.industry AS account__industry
        , subq_0.__won_revenue AS won_revenue
      FROM (
        SELECT
          DATE_TRUNC('day', close_date) AS metric_time__day
          , account_id AS account
          , owner_id AS owner
          , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
        FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
      ) subq_0
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_owners" owners_src_10000
      ON
        subq_0.owner = owners_src_10000.owner_id
      LEFT OUTER JOIN
        "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
      ON
        subq_0.account = accounts_src_10000.account_id
    ) subq_1
    WHERE ((account__industry = 'Technology') AND (owner__is_active))
    GROUP BY
      metric_time__day
  ) subq_2
  GROUP BY
    DATE_TRUNC('month', metric_time__day)
) subq_3
ORDER BY metric_time__month

-- postgres, not rewritten
SELECT
  metric_time__month
  , COALESCE(__won_revenue, 0) AS won_revenue
FROM (
  SELECT
    metric_time__month
    , SUM(won_revenue) AS __won_revenue
  FROM (
    SELECT
      subq_0.metric_time__month AS metric_time__month
      , owners_src_10000.is_active AS owner__is_active
      , accounts_src_10000.industry AS account__industry
      , subq_0.__won_revenue AS won_revenue
    FROM (
      SELECT
        DATE_TRUNC('month', close_date) AS metric_time__month
        , account_id AS account
        , owner_id AS owner
        , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_0
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_owners" owners_src_10000
    ON
      subq_0.owner = owners_src_10000.owner_id
    LEFT OUTER JOIN
      "sales_pipeline"."marts"."dim_accounts" accounts_src_10000
    ON
      subq_0.account = accounts_src_10000.account_id
  ) subq_1
  WHERE ((account__industry = 'Technology') AND (owner__is_active))
  GROUP BY
    metric_time__month
) subq_2
ORDER BY metric_time__month

-- postgres, rewritten
-- the same as not rewritten
