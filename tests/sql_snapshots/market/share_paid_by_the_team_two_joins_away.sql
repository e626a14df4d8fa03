-- share paid by the team two joins away

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , status AS order__status
    , amount AS __revenue
    , amount AS __revenue_paid
  FROM "market"."main"."orders" orders_src_10000
)

, sma_1_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , agent_id AS agent
  FROM "market"."main"."customers" customers_src_10000
)

, rss_0_cte AS (
  SELECT
    team
    , agent_id AS agent
  FROM "market"."main"."agents" agents_src_10000
)

SELECT
  customer__agent__team AS customer__agent__team
  , CAST(revenue_paid AS DOUBLE) / CAST(NULLIF(revenue, 0) AS DOUBLE) AS paid_share
FROM (
  SELECT
    COALESCE(subq_0.customer__agent__team, subq_1.customer__agent__team) AS customer__agent__team
    , MAX(subq_0.revenue_paid) AS revenue_paid
    , MAX(subq_1.revenue) AS revenue
  FROM (
    SELECT
      customer__agent__team
      , SUM(revenue_paid) AS revenue_paid
    FROM (
      SELECT
        sma_0_cte.order__status AS order__status
        , subq_2.agent__team AS customer__agent__team
        , sma_0_cte.__revenue_paid AS revenue_paid
      FROM sma_0_cte
      LEFT OUTER JOIN (
        SELECT
          sma_1_cte.customer AS customer
          , rss_0_cte.team AS agent__team
        FROM sma_1_cte
        LEFT OUTER JOIN
          rss_0_cte
        ON
          sma_1_cte.agent = rss_0_cte.agent
      ) subq_2
      ON
        sma_0_cte.customer = subq_2.customer
    ) subq_3
    WHERE order__status = 'paid'
    GROUP BY
      customer__agent__team
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      subq_4.agent__team AS customer__agent__team
      , SUM(sma_0_cte.__revenue) AS revenue
    FROM sma_0_cte
    LEFT OUTER JOIN (
      SELECT
        sma_1_cte.customer AS customer
        , rss_0_cte.team AS agent__team
      FROM sma_1_cte
      LEFT OUTER JOIN
        rss_0_cte
      ON
        sma_1_cte.agent = rss_0_cte.agent
    ) subq_4
    ON
      sma_0_cte.customer = subq_4.customer
    GROUP BY
      subq_4.agent__team
  ) subq_1
  ON
    subq_0.customer__agent__team = subq_1.customer__agent__team
  GROUP BY
    COALESCE(subq_0.customer__agent__team, subq_1.customer__agent__team)
) subq_5
ORDER BY customer__agent__team

-- duckdb, rewritten
SELECT
  customer__agent__team
  , CAST(revenue_paid AS DOUBLE) / CAST(NULLIF(revenue, 0) AS DOUBLE) AS paid_share
FROM (
  SELECT
    customer__agent__team
    , SUM(__revenue_paid) FILTER (WHERE order__status = 'paid') AS revenue_paid
    , SUM(__revenue) AS revenue
  FROM (
    SELECT
      orders_src_10000.status AS order__status
      , subq_0.agent__team AS customer__agent__team
      , orders_src_10000.amount AS __revenue
      , orders_src_10000.amount AS __revenue_paid
    FROM "market"."main"."orders" orders_src_10000
    LEFT OUTER JOIN (
      SELECT
        customers_src_10000.customer_id AS customer
        , agents_src_10000.team AS agent__team
      FROM "market"."main"."customers" customers_src_10000
      LEFT OUTER JOIN
        "market"."main"."agents" agents_src_10000
      ON
        customers_src_10000.agent_id = agents_src_10000.agent_id
    ) subq_0
    ON
      orders_src_10000.customer_id = subq_0.customer
  ) subq_1
  GROUP BY
    customer__agent__team
) subq_2
ORDER BY customer__agent__team

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , status AS order__status
    , amount AS __revenue
    , amount AS __revenue_paid
  FROM "market"."main"."orders" orders_src_10000
)

, sma_1_cte AS NOT MATERIALIZED (
  SELECT
    customer_id AS customer
    , agent_id AS agent
  FROM "market"."main"."customers" customers_src_10000
)

, rss_0_cte AS (
  SELECT
    team
    , agent_id AS agent
  FROM "market"."main"."agents" agents_src_10000
)

SELECT
  customer__agent__team AS customer__agent__team
  , CAST(revenue_paid AS DOUBLE PRECISION) / CAST(NULLIF(revenue, 0) AS DOUBLE PRECISION) AS paid_share
FROM (
  SELECT
    COALESCE(subq_0.customer__agent__team, subq_1.customer__agent__team) AS customer__agent__team
    , MAX(subq_0.revenue_paid) AS revenue_paid
    , MAX(subq_1.revenue) AS revenue
  FROM (
    SELECT
      customer__agent__team
      , SUM(revenue_paid) AS revenue_paid
    FROM (
      SELECT
        sma_0_cte.order__status AS order__status
        , subq_2.agent__team AS customer__agent__team
        , sma_0_cte.__revenue_paid AS revenue_paid
      FROM sma_0_cte
      LEFT OUTER JOIN (
        SELECT
          sma_1_cte.customer AS customer
          , rss_0_cte.team AS agent__team
        FROM sma_1_cte
        LEFT OUTER JOIN
          rss_0_cte
        ON
          sma_1_cte.agent = rss_0_cte.agent
      ) subq_2
      ON
        sma_0_cte.customer = subq_2.customer
    ) subq_3
    WHERE order__status = 'paid'
    GROUP BY
      customer__agent__team
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      subq_4.agent__team AS customer__agent__team
      , SUM(sma_0_cte.__revenue) AS revenue
    FROM sma_0_cte
    LEFT OUTER JOIN (
      SELECT
        sma_1_cte.customer AS customer
        , rss_0_cte.team AS agent__team
      FROM sma_1_cte
      LEFT OUTER JOIN
        rss_0_cte
      ON
        sma_1_cte.agent = rss_0_cte.agent
    ) subq_4
    ON
      sma_0_cte.customer = subq_4.customer
    GROUP BY
      subq_4.agent__team
  ) subq_1
  ON
    subq_0.customer__agent__team = subq_1.customer__agent__team
  GROUP BY
    COALESCE(subq_0.customer__agent__team, subq_1.customer__agent__team)
) subq_5
ORDER BY customer__agent__team

-- postgres, rewritten
SELECT
  customer__agent__team
  , CAST(revenue_paid AS DOUBLE PRECISION) / CAST(NULLIF(revenue, 0) AS DOUBLE PRECISION) AS paid_share
FROM (
  SELECT
    customer__agent__team
    , SUM(__revenue_paid) FILTER (WHERE order__status = 'paid') AS revenue_paid
    , SUM(__revenue) AS revenue
  FROM (
    SELECT
      orders_src_10000.status AS order__status
      , subq_0.agent__team AS customer__agent__team
      , orders_src_10000.amount AS __revenue
      , orders_src_10000.amount AS __revenue_paid
    FROM "market"."main"."orders" orders_src_10000
    LEFT OUTER JOIN (
      SELECT
        customers_src_10000.customer_id AS customer
        , agents_src_10000.team AS agent__team
      FROM "market"."main"."customers" customers_src_10000
      LEFT OUTER JOIN
        "market"."main"."agents" agents_src_10000
      ON
        customers_src_10000.agent_id = agents_src_10000.agent_id
    ) subq_0
    ON
      orders_src_10000.customer_id = subq_0.customer
  ) subq_1
  GROUP BY
    customer__agent__team
) subq_2
ORDER BY customer__agent__team
