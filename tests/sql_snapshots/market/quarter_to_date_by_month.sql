-- quarter to date by month

-- duckdb, not rewritten
SELECT
  metric_time__month
  , revenue_quarter_to_date
FROM (
  SELECT
    metric_time__month
    , LAST_VALUE(revenue_quarter_to_date) OVER (
      PARTITION BY metric_time__month
      ORDER BY metric_time__day
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS revenue_quarter_to_date
  FROM (
    SELECT
      subq_0.date_day AS metric_time__day
      , DATE_TRUNC('month', subq_0.date_day) AS metric_time__month
      , SUM(orders_src_10000.amount) AS revenue_quarter_to_date
    FROM "market"."main"."days" subq_0
    INNER JOIN
      "market"."main"."orders" orders_src_10000
    ON
      (
        DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
      ) AND (
        DATE_TRUNC('day', orders_src_10000.ordered_at) >= DATE_TRUNC('quarter', subq_0.date_day)
      )
    GROUP BY
      subq_0.date_day
      , DATE_TRUNC('month', subq_0.date_day)
  ) subq_1
) subq_2
GROUP BY
  metric_time__month
  , revenue_quarter_to_date
ORDER BY metric_time__month

-- duckdb, rewritten
SELECT
  metric_time__month
  , revenue_quarter_to_date
FROM (
  SELECT
    metric_time__month
    , LAST_VALUE(revenue_quarter_to_date) OVER (
      PARTITION BY metric_time__month
      ORDER BY metric_time__day
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS revenue_quarter_to_date
  FROM (
    SELECT
      subq_0.metric_time__day AS metric_time__day
      , subq_0.metric_time__month AS metric_time__month
      , SUM(subq_1.__revenue) AS revenue_quarter_to_date
    FROM (
      SELECT
        metric_time__day
        , metric_time__month
      FROM (
        SELECT
          date_day AS metric_time__day
          , DATE_TRUNC('month', date_day) AS metric_time__month
          , FIRST_VALUE(date_day) OVER (
            PARTITION BY DATE_TRUNC('month', date_day)
            ORDER BY date_day DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS metric_time__day__last
        FROM "market"."main"."days" subq_2
      ) subq_3
      WHERE metric_time__day = metric_time__day__last
    ) subq_0
    INNER JOIN (
      SELECT
        DATE_TRUNC('day', ordered_at) AS metric_time__day
        , SUM(amount) AS __revenue
      FROM "market"."main"."orders" orders_src_10000
      GROUP BY
        DATE_TRUNC('day', ordered_at)
    ) subq_1
    ON
      (
        subq_1.metric_time__day <= subq_0.metric_time__day
      ) AND (
        subq_1.metric_time__day >= DATE_TRUNC('quarter', subq_0.metric_time__day)
      )
    GROUP BY
      subq_0.metric_time__day
      , subq_0.metric_time__month
  ) subq_4
) subq_5
GROUP BY
  metric_time__month
  , revenue_quarter_to_date
ORDER BY metric_time__month

-- postgres, not rewritten
SELECT
  metric_time__month
  , revenue_quarter_to_date
FROM (
  SELECT
    metric_time__month
    , LAST_VALUE(revenue_quarter_to_date) OVER (
      PARTITION BY metric_time__month
      ORDER BY metric_time__day
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS revenue_quarter_to_date
  FROM (
    SELECT
      subq_0.date_day AS metric_time__day
      , DATE_TRUNC('month', subq_0.date_day) AS metric_time__month
      , SUM(orders_src_10000.amount) AS revenue_quarter_to_date
    FROM "market"."main"."days" subq_0
    INNER JOIN
      "market"."main"."orders" orders_src_10000
    ON
      (
        DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.date_day
      ) AND (
        DATE_TRUNC('day', orders_src_10000.ordered_at) >= DATE_TRUNC('quarter', subq_0.date_day)
      )
    GROUP BY
      subq_0.date_day
      , DATE_TRUNC('month', subq_0.date_day)
  ) subq_1
) subq_2
GROUP BY
  metric_time__month
  , revenue_quarter_to_date
ORDER BY metric_time__month

-- postgres, rewritten
SELECT
  metric_time__month
  , revenue_quarter_to_date
FROM (
  SELECT
    metric_time__month
    , LAST_VALUE(revenue_quarter_to_date) OVER (
      PARTITION BY metric_time__month
      ORDER BY metric_time__day
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS revenue_quarter_to_date
  FROM (
    SELECT
      subq_0.metric_time__day AS metric_time__day
      , subq_0.metric_time__month AS metric_time__month
      , SUM(orders_src_10000.amount) AS revenue_quarter_to_date
    FROM (
      SELECT
        metric_time__day
        , metric_time__month
      FROM (
        SELECT
          date_day AS metric_time__day
          , DATE_TRUNC('month', date_day) AS metric_time__month
          , FIRST_VALUE(date_day) OVER (
            PARTITION BY DATE_TRUNC('month', date_day)
            ORDER BY date_day DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS metric_time__day__last
        FROM "market"."main"."days" subq_1
      ) subq_2
      WHERE metric_time__day = metric_time__day__last
    ) subq_0
    INNER JOIN
      "market"."main"."orders" orders_src_10000
    ON
      (
        DATE_TRUNC('day', orders_src_10000.ordered_at) <= subq_0.metric_time__day
      ) AND (
        DATE_TRUNC('day', orders_src_10000.ordered_at) >= DATE_TRUNC('quarter', subq_0.metric_time__day)
      )
    GROUP BY
      subq_0.metric_time__day
      , subq_0.metric_time__month
  ) subq_3
) subq_4
GROUP BY
  metric_time__month
  , revenue_quarter_to_date
ORDER BY metric_time__month
