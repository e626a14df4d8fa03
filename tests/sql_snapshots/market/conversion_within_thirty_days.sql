-- conversion within thirty days

-- duckdb, not rewritten
SELECT
  CAST(COALESCE(MAX(subq_0.__buyers), 0) AS DOUBLE) / CAST(NULLIF(MAX(subq_1.__visitors), 0) AS DOUBLE) AS visitors_who_order_within_30_days
FROM (
  SELECT
    COUNT(DISTINCT customer_id) AS __visitors
  FROM "market"."main"."visits" visits_src_10000
) subq_1
CROSS JOIN (
  SELECT
    COUNT(DISTINCT __buyers) AS __buyers
  FROM (
    SELECT
      subq_2.__buyers AS __buyers
      , ROW_NUMBER() OVER (
        PARTITION BY subq_2.mf_internal_uuid
        ORDER BY
          DATE_TRUNC('day', visits_src_10000.visited_on) DESC
          , CASE
            WHEN CAST(visits_src_10000.visited_on AS TIMESTAMP) <= subq_2.mf_internal_event_time
              THEN 1
            ELSE 0
          END DESC
          , CAST(visits_src_10000.visited_on AS TIMESTAMP) DESC
          , LENGTH(COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '')) DESC
          , COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '') COLLATE "C" DESC
      ) AS mf_internal_place
    FROM "market"."main"."visits" visits_src_10000
    INNER JOIN (
      SELECT
        DATE_TRUNC('day', ordered_at) AS metric_time__day
        , customer_id AS customer
        , CAST(ordered_at AS TIMESTAMP) AS mf_internal_event_time
        , customer_id AS __buyers
        , GEN_RANDOM_UUID() AS mf_internal_uuid
      FROM "market"."main"."orders" orders_src_10000
    ) subq_2
    ON
      (
        visits_src_10000.customer_id = subq_2.customer
      ) AND (
        (
          DATE_TRUNC('day', visits_src_10000.visited_on) <= subq_2.metric_time__day
        ) AND (
          DATE_TRUNC('day', visits_src_10000.visited_on) > subq_2.metric_time__day - INTERVAL 30 day
        )
      )
  ) subq_3
  WHERE mf_internal_place = 1
) subq_0

-- duckdb, rewritten
SELECT
  CAST(COALESCE(MAX(subq_0.__buyers), 0) AS DOUBLE) / CAST(NULLIF(MAX(subq_1.__visitors), 0) AS DOUBLE) AS visitors_who_order_within_30_days
FROM (
  SELECT
    COUNT(DISTINCT customer_id) AS __visitors
  FROM "market"."main"."visits" visits_src_10000
) subq_1
CROSS JOIN (
  SELECT
    COUNT(DISTINCT __buyers) AS __buyers
  FROM (
    SELECT
      subq_2.__buyers AS __buyers
      , ROW_NUMBER() OVER (
        PARTITION BY subq_2.mf_internal_uuid
        ORDER BY
          DATE_TRUNC('day', visits_src_10000.visited_on) DESC
          , CASE
            WHEN CAST(visits_src_10000.visited_on AS TIMESTAMP) <= subq_2.mf_internal_event_time
              THEN 1
            ELSE 0
          END DESC
          , CAST(visits_src_10000.visited_on AS TIMESTAMP) DESC
          , LENGTH(COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '')) DESC
          , COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '') COLLATE "C" DESC
      ) AS mf_internal_place
    FROM "market"."main"."visits" visits_src_10000
    INNER JOIN (
      SELECT
        subq_3.metric_time__day AS metric_time__day
        , subq_3.customer AS customer
        , subq_3.mf_internal_event_time AS mf_internal_event_time
        , subq_3.__buyers AS __buyers
        , subq_3.mf_internal_uuid AS mf_internal_uuid
        , FLOOR(DATE_PART('epoch', CAST(subq_3.metric_time__day AS TIMESTAMP)) / 2851200) - subq_4.mf_internal_step AS mf_internal_stretch
      FROM (
        SELECT 0 AS mf_internal_step UNION ALL SELECT 1
      ) subq_4
      CROSS JOIN (
        SELECT
          DATE_TRUNC('day', ordered_at) AS metric_time__day
          , customer_id AS customer
          , CAST(ordered_at AS TIMESTAMP) AS mf_internal_event_time
          , customer_id AS __buyers
          , ROW_NUMBER() OVER () AS mf_internal_uuid
        FROM "market"."main"."orders" orders_src_10000
      ) subq_3
    ) subq_2
    ON
      (
        visits_src_10000.customer_id = subq_2.customer
      ) AND (
        FLOOR((DATE_PART('epoch', CAST(DATE_TRUNC('day', visits_src_10000.visited_on) AS TIMESTAMP)) - 86400) / 2851200) = subq_2.mf_internal_stretch
      ) AND (
        (
          DATE_TRUNC('day', visits_src_10000.visited_on) <= subq_2.metric_time__day
        ) AND (
          DATE_TRUNC('day', visits_src_10000.visited_on) > subq_2.metric_time__day - INTERVAL 30 day
        )
      )
  ) subq_5
  WHERE mf_internal_place = 1
) subq_0

-- postgres, not rewritten
SELECT
  CAST(COALESCE(MAX(subq_0.__buyers), 0) AS DOUBLE PRECISION) / CAST(NULLIF(MAX(subq_1.__visitors), 0) AS DOUBLE PRECISION) AS visitors_who_order_within_30_days
FROM (
  SELECT
    COUNT(DISTINCT customer_id) AS __visitors
  FROM "market"."main"."visits" visits_src_10000
) subq_1
CROSS JOIN (
  SELECT
    COUNT(DISTINCT __buyers) AS __buyers
  FROM (
    SELECT
      subq_2.__buyers AS __buyers
      , ROW_NUMBER() OVER (
        PARTITION BY subq_2.mf_internal_uuid
        ORDER BY
          DATE_TRUNC('day', visits_src_10000.visited_on) DESC
          , CASE
            WHEN CAST(visits_src_10000.visited_on AS TIMESTAMP) <= subq_2.mf_internal_event_time
              THEN 1
            ELSE 0
          END DESC
          , CAST(visits_src_10000.visited_on AS TIMESTAMP) DESC
          , LENGTH(COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '')) DESC
          , COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '') COLLATE "C" DESC
      ) AS mf_internal_place
    FROM "market"."main"."visits" visits_src_10000
    INNER JOIN (
      SELECT
        DATE_TRUNC('day', ordered_at) AS metric_time__day
        , customer_id AS customer
        , CAST(ordered_at AS TIMESTAMP) AS mf_internal_event_time
        , customer_id AS __buyers
        , GEN_RANDOM_UUID() AS mf_internal_uuid
      FROM "market"."main"."orders" orders_src_10000
    ) subq_2
    ON
      (
        visits_src_10000.customer_id = subq_2.customer
      ) AND (
        (
          DATE_TRUNC('day', visits_src_10000.visited_on) <= subq_2.metric_time__day
        ) AND (
          DATE_TRUNC('day', visits_src_10000.visited_on) > subq_2.metric_time__day - MAKE_INTERVAL(days => 30)
        )
      )
  ) subq_3
  WHERE mf_internal_place = 1
) subq_0

-- postgres, rewritten
SELECT
  CAST(COALESCE(MAX(subq_0.__buyers), 0) AS DOUBLE PRECISION) / CAST(NULLIF(MAX(subq_1.__visitors), 0) AS DOUBLE PRECISION) AS visitors_who_order_within_30_days
FROM (
  SELECT
    COUNT(DISTINCT customer_id) AS __visitors
  FROM "market"."main"."visits" visits_src_10000
) subq_1
CROSS JOIN (
  SELECT
    COUNT(DISTINCT __buyers) AS __buyers
  FROM (
    SELECT
      subq_2.__buyers AS __buyers
      , ROW_NUMBER() OVER (
        PARTITION BY subq_2.mf_internal_uuid
        ORDER BY
          DATE_TRUNC('day', visits_src_10000.visited_on) DESC
          , CASE
            WHEN CAST(visits_src_10000.visited_on AS TIMESTAMP) <= subq_2.mf_internal_event_time
              THEN 1
            ELSE 0
          END DESC
          , CAST(visits_src_10000.visited_on AS TIMESTAMP) DESC
          , LENGTH(COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '')) DESC
          , COALESCE(CAST(visits_src_10000.visit_id AS VARCHAR), '') COLLATE "C" DESC
      ) AS mf_internal_place
    FROM "market"."main"."visits" visits_src_10000
    INNER JOIN (
      SELECT
        subq_3.metric_time__day AS metric_time__day
        , subq_3.customer AS customer
        , subq_3.mf_internal_event_time AS mf_internal_event_time
        , subq_3.__buyers AS __buyers
        , subq_3.mf_internal_uuid AS mf_internal_uuid
        , FLOOR(DATE_PART('epoch', CAST(subq_3.metric_time__day AS TIMESTAMP)) / 2851200) - subq_4.mf_internal_step AS mf_internal_stretch
      FROM (
        SELECT 0 AS mf_internal_step UNION ALL SELECT 1
      ) subq_4
      CROSS JOIN (
        SELECT
          DATE_TRUNC('day', ordered_at) AS metric_time__day
          , customer_id AS customer
          , CAST(ordered_at AS TIMESTAMP) AS mf_internal_event_time
          , customer_id AS __buyers
          , ROW_NUMBER() OVER () AS mf_internal_uuid
        FROM "market"."main"."orders" orders_src_10000
      ) subq_3
    ) subq_2
    ON
      (
        visits_src_10000.customer_id = subq_2.customer
      ) AND (
        FLOOR((DATE_PART('epoch', CAST(DATE_TRUNC('day', visits_src_10000.visited_on) AS TIMESTAMP)) - 86400) / 2851200) = subq_2.mf_internal_stretch
      ) AND (
        (
          DATE_TRUNC('day', visits_src_10000.visited_on) <= subq_2.metric_time__day
        ) AND (
          DATE_TRUNC('day', visits_src_10000.visited_on) > subq_2.metric_time__day - MAKE_INTERVAL(days => 30)
        )
      )
  ) subq_5
  WHERE mf_internal_place = 1
) subq_0
