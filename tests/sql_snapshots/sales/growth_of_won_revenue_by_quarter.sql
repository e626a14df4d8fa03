-- growth of won revenue by quarter

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('quarter', close_date) AS metric_time__quarter
    , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

, rss_0_cte AS (
  SELECT
    DATE_TRUNC('quarter', date_month) AS date_month__quarter
  FROM "sales_pipeline"."marts"."time_spine_monthly" time_spine_src_10001
)

SELECT
  metric_time__quarter AS metric_time__quarter
  , cast(won - won_before as double precision) / nullif(won_before, 0) AS won_revenue_qoq_growth
FROM (
  SELECT
    COALESCE(subq_0.metric_time__quarter, subq_1.metric_time__quarter) AS metric_time__quarter
    , COALESCE(MAX(subq_0.won), 0) AS won
    , COALESCE(MAX(subq_1.won_before), 0) AS won_before
  FROM (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won
    FROM (
      SELECT
        subq_2.metric_time__quarter AS metric_time__quarter
        , subq_3.__won_revenue AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_2
      INNER JOIN (
        SELECT
          metric_time__quarter
          , SUM(__won_revenue) AS __won_revenue
        FROM sma_0_cte
        GROUP BY
          metric_time__quarter
      ) subq_3
      ON
        subq_2.metric_time__quarter - INTERVAL 0 month = subq_3.metric_time__quarter
    ) subq_4
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won_before
    FROM (
      SELECT
        subq_5.metric_time__quarter AS metric_time__quarter
        , subq_6.__won_revenue AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_5
      INNER JOIN (
        SELECT
          metric_time__quarter
          , SUM(__won_revenue) AS __won_revenue
        FROM sma_0_cte
        GROUP BY
          metric_time__quarter
      ) subq_6
      ON
        subq_5.metric_time__quarter - INTERVAL 3 month = subq_6.metric_time__quarter
    ) subq_7
  ) subq_1
  ON
    subq_0.metric_time__quarter = subq_1.metric_time__quarter
  GROUP BY
    COALESCE(subq_0.metric_time__quarter, subq_1.metric_time__quarter)
) subq_8
ORDER BY metric_time__quarter

-- duckdb, rewritten
WITH agg_0_cte AS (
  SELECT
    DATE_TRUNC('quarter', metric_time__day) AS metric_time__quarter
    , SUM(__value_0) AS __value_0
  FROM (
    SELECT
      metric_time__day
      , SUM(__won_revenue) AS __value_0
    FROM (
      SELECT
        DATE_TRUNC('day', close_date) AS metric_time__day
        , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
      FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
    ) subq_0
    GROUP BY
      metric_time__day
  ) subq_1
  GROUP BY
    DATE_TRUNC('quarter', metric_time__day)
)

, rss_0_cte AS (
  SELECT
    DATE_TRUNC('quarter', date_month) AS date_month__quarter
  FROM "sales_pipeline"."marts"."time_spine_monthly" time_spine_src_10001
)

SELECT
  metric_time__quarter AS metric_time__quarter
  , cast(won - won_before as double precision) / nullif(won_before, 0) AS won_revenue_qoq_growth
FROM (
  SELECT
    COALESCE(subq_2.metric_time__quarter, subq_3.metric_time__quarter) AS metric_time__quarter
    , COALESCE(MAX(subq_2.won), 0) AS won
    , COALESCE(MAX(subq_3.won_before), 0) AS won_before
  FROM (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won
    FROM (
      SELECT
        subq_4.metric_time__quarter AS metric_time__quarter
        , agg_0_cte.__value_0 AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_4
      INNER JOIN
        agg_0_cte
      ON
        subq_4.metric_time__quarter - INTERVAL 0 month = agg_0_cte.metric_time__quarter
    ) subq_5
  ) subq_2
  FULL OUTER JOIN (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won_before
    FROM (
      SELECT
        subq_6.metric_time__quarter AS metric_time__quarter
        , agg_0_cte.__value_0 AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_6
      INNER JOIN
        agg_0_cte
      ON
        subq_6.metric_time__quarter - INTERVAL 3 month = agg_0_cte.metric_time__quarter
    ) subq_7
  ) subq_3
  ON
    subq_2.metric_time__quarter = subq_3.metric_time__quarter
  GROUP BY
    COALESCE(subq_2.metric_time__quarter, subq_3.metric_time__quarter)
) subq_8
ORDER BY metric_time__quarter

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('quarter', close_date) AS metric_time__quarter
    , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

, rss_0_cte AS (
  SELECT
    DATE_TRUNC('quarter', date_month) AS date_month__quarter
  FROM "sales_pipeline"."marts"."time_spine_monthly" time_spine_src_10001
)

SELECT
  metric_time__quarter AS metric_time__quarter
  , cast(won - won_before as double precision) / nullif(won_before, 0) AS won_revenue_qoq_growth
FROM (
  SELECT
    COALESCE(subq_0.metric_time__quarter, subq_1.metric_time__quarter) AS metric_time__quarter
    , COALESCE(MAX(subq_0.won), 0) AS won
    , COALESCE(MAX(subq_1.won_before), 0) AS won_before
  FROM (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won
    FROM (
      SELECT
        subq_2.metric_time__quarter AS metric_time__quarter
        , subq_3.__won_revenue AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_2
      INNER JOIN (
        SELECT
          metric_time__quarter
          , SUM(__won_revenue) AS __won_revenue
        FROM sma_0_cte
        GROUP BY
          metric_time__quarter
      ) subq_3
      ON
        subq_2.metric_time__quarter - MAKE_INTERVAL(months => 0) = subq_3.metric_time__quarter
    ) subq_4
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won_before
    FROM (
      SELECT
        subq_5.metric_time__quarter AS metric_time__quarter
        , subq_6.__won_revenue AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_5
      INNER JOIN (
        SELECT
          metric_time__quarter
          , SUM(__won_revenue) AS __won_revenue
        FROM sma_0_cte
        GROUP BY
          metric_time__quarter
      ) subq_6
      ON
        subq_5.metric_time__quarter - MAKE_INTERVAL(months => 3) = subq_6.metric_time__quarter
    ) subq_7
  ) subq_1
  ON
    subq_0.metric_time__quarter = subq_1.metric_time__quarter
  GROUP BY
    COALESCE(subq_0.metric_time__quarter, subq_1.metric_time__quarter)
) subq_8
ORDER BY metric_time__quarter

-- postgres, rewritten
WITH agg_0_cte AS (
  SELECT
    metric_time__quarter
    , SUM(__won_revenue) AS __value_0
  FROM (
    SELECT
      DATE_TRUNC('quarter', close_date) AS metric_time__quarter
      , case when is_won then coalesce(amount, 0) else 0 end AS __won_revenue
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  GROUP BY
    metric_time__quarter
)

, rss_0_cte AS (
  SELECT
    DATE_TRUNC('quarter', date_month) AS date_month__quarter
  FROM "sales_pipeline"."marts"."time_spine_monthly" time_spine_src_10001
)

SELECT
  metric_time__quarter AS metric_time__quarter
  , cast(won - won_before as double precision) / nullif(won_before, 0) AS won_revenue_qoq_growth
FROM (
  SELECT
    COALESCE(subq_1.metric_time__quarter, subq_2.metric_time__quarter) AS metric_time__quarter
    , COALESCE(MAX(subq_1.won), 0) AS won
    , COALESCE(MAX(subq_2.won_before), 0) AS won_before
  FROM (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won
    FROM (
      SELECT
        subq_3.metric_time__quarter AS metric_time__quarter
        , agg_0_cte.__value_0 AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_3
      INNER JOIN
        agg_0_cte
      ON
        subq_3.metric_time__quarter - MAKE_INTERVAL(months => 0) = agg_0_cte.metric_time__quarter
    ) subq_4
  ) subq_1
  FULL OUTER JOIN (
    SELECT
      metric_time__quarter
      , COALESCE(__won_revenue, 0) AS won_before
    FROM (
      SELECT
        subq_5.metric_time__quarter AS metric_time__quarter
        , agg_0_cte.__value_0 AS __won_revenue
      FROM (
        SELECT
          date_month__quarter AS metric_time__quarter
        FROM rss_0_cte
        GROUP BY
          date_month__quarter
      ) subq_5
      INNER JOIN
        agg_0_cte
      ON
        subq_5.metric_time__quarter - MAKE_INTERVAL(months => 3) = agg_0_cte.metric_time__quarter
    ) subq_6
  ) subq_2
  ON
    subq_1.metric_time__quarter = subq_2.metric_time__quarter
  GROUP BY
    COALESCE(subq_1.metric_time__quarter, subq_2.metric_time__quarter)
) subq_7
ORDER BY metric_time__quarter
