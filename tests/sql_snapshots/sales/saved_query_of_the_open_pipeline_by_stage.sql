-- saved query of the open pipeline by stage

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    stage_name AS opportunity__stage_name
    , crm_has_amounts AS opportunity__crm_has_amounts
    , case when is_open then 1 else 0 end AS __open_opportunity_count
    , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
    , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
    , coalesce(stage_adjusted_amount, 0) AS __stage_adjusted_pipeline
    , case when is_overdue then coalesce(amount, 0) else 0 end AS __overdue_pipeline
    , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS __likely_to_close
    , age_days AS __average_deal_age_days
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

SELECT
  COALESCE(subq_0.opportunity__stage_name, subq_1.opportunity__stage_name) AS opportunity__stage_name
  , COALESCE(MAX(subq_0.open_opportunity_count), 0) AS open_opportunity_count
  , COALESCE(MAX(subq_0.open_pipeline), 0) AS open_pipeline
  , COALESCE(MAX(subq_0.weighted_pipeline), 0) AS weighted_pipeline
  , COALESCE(MAX(subq_0.stage_adjusted_pipeline), 0) AS stage_adjusted_pipeline
  , COALESCE(MAX(subq_0.overdue_pipeline), 0) AS overdue_pipeline
  , MAX(subq_1.overdue_rate) AS overdue_rate
  , COALESCE(MAX(subq_0.likely_to_close), 0) AS likely_to_close
  , MAX(subq_0.average_deal_age_days) AS average_deal_age_days
FROM (
  SELECT
    opportunity__stage_name
    , COALESCE(__open_opportunity_count, 0) AS open_opportunity_count
    , COALESCE(__open_pipeline, 0) AS open_pipeline
    , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
    , COALESCE(__stage_adjusted_pipeline, 0) AS stage_adjusted_pipeline
    , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
    , COALESCE(__likely_to_close, 0) AS likely_to_close
    , __average_deal_age_days AS average_deal_age_days
  FROM (
    SELECT
      opportunity__stage_name
      , SUM(open_opportunity_count) AS __open_opportunity_count
      , SUM(open_pipeline) AS __open_pipeline
      , SUM(weighted_pipeline) AS __weighted_pipeline
      , SUM(stage_adjusted_pipeline) AS __stage_adjusted_pipeline
      , SUM(overdue_pipeline) AS __overdue_pipeline
      , SUM(likely_to_close) AS __likely_to_close
      , AVG(average_deal_age_days) AS __average_deal_age_days
    FROM (
      SELECT
        opportunity__stage_name
        , opportunity__crm_has_amounts
        , __open_opportunity_count AS open_opportunity_count
        , __open_pipeline AS open_pipeline
        , __weighted_pipeline AS weighted_pipeline
        , __stage_adjusted_pipeline AS stage_adjusted_pipeline
        , __overdue_pipeline AS overdue_pipeline
        , __likely_to_close AS likely_to_close
        , __average_deal_age_days AS average_deal_age_days
      FROM sma_0_cte
    ) subq_2
    WHERE opportunity__crm_has_amounts
    GROUP BY
      opportunity__stage_name
  ) subq_3
) subq_0
FULL OUTER JOIN (
  SELECT
    opportunity__stage_name
    , CAST(COALESCE(__overdue_pipeline, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__open_pipeline, 0), 0) AS DOUBLE) AS overdue_rate
  FROM (
    SELECT
      opportunity__stage_name
      , SUM(open_pipeline) AS __open_pipeline
      , SUM(overdue_pipeline) AS __overdue_pipeline
    FROM (
      SELECT
        opportunity__stage_name
        , opportunity__crm_has_amounts
        , __open_pipeline AS open_pipeline
        , __overdue_pipeline AS overdue_pipeline
      FROM sma_0_cte
    ) subq_4
    WHERE opportunity__crm_has_amounts
    GROUP BY
      opportunity__stage_name
  ) subq_5
) subq_1
ON
  subq_0.opportunity__stage_name = subq_1.opportunity__stage_name
GROUP BY
  COALESCE(subq_0.opportunity__stage_name, subq_1.opportunity__stage_name)

-- duckdb, rewritten
WITH agg_0_cte AS (
  SELECT
    opportunity__stage_name
    , SUM(open_opportunity_count) AS __value_0
    , SUM(open_pipeline) AS __value_1
    , SUM(weighted_pipeline) AS __value_2
    , SUM(stage_adjusted_pipeline) AS __value_3
    , SUM(overdue_pipeline) AS __value_4
    , SUM(likely_to_close) AS __value_5
    , AVG(average_deal_age_days) AS __value_6
  FROM (
    SELECT
      stage_name AS opportunity__stage_name
      , crm_has_amounts AS opportunity__crm_has_amounts
      , case when is_open then 1 else 0 end AS open_opportunity_count
      , case when is_open then coalesce(amount, 0) else 0 end AS open_pipeline
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS weighted_pipeline
      , coalesce(stage_adjusted_amount, 0) AS stage_adjusted_pipeline
      , case when is_overdue then coalesce(amount, 0) else 0 end AS overdue_pipeline
      , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS likely_to_close
      , age_days AS average_deal_age_days
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  WHERE opportunity__crm_has_amounts
  GROUP BY
    opportunity__stage_name
)

SELECT
  COALESCE(subq_1.opportunity__stage_name, subq_2.opportunity__stage_name) AS opportunity__stage_name
  , COALESCE(MAX(subq_1.open_opportunity_count), 0) AS open_opportunity_count
  , COALESCE(MAX(subq_1.open_pipeline), 0) AS open_pipeline
  , COALESCE(MAX(subq_1.weighted_pipeline), 0) AS weighted_pipeline
  , COALESCE(MAX(subq_1.stage_adjusted_pipeline), 0) AS stage_adjusted_pipeline
  , COALESCE(MAX(subq_1.overdue_pipeline), 0) AS overdue_pipeline
  , MAX(subq_2.overdue_rate) AS overdue_rate
  , COALESCE(MAX(subq_1.likely_to_close), 0) AS likely_to_close
  , MAX(subq_1.average_deal_age_days) AS average_deal_age_days
FROM (
  SELECT
    opportunity__stage_name
    , COALESCE(__open_opportunity_count, 0) AS open_opportunity_count
    , COALESCE(__open_pipeline, 0) AS open_pipeline
    , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
    , COALESCE(__stage_adjusted_pipeline, 0) AS stage_adjusted_pipeline
    , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
    , COALESCE(__likely_to_close, 0) AS likely_to_close
    , __average_deal_age_days AS average_deal_age_days
  FROM (
    SELECT
      opportunity__stage_name
      , __value_0 AS __open_opportunity_count
      , __value_1 AS __open_pipeline
      , __value_2 AS __weighted_pipeline
      , __value_3 AS __stage_adjusted_pipeline
      , __value_4 AS __overdue_pipeline
      , __value_5 AS __likely_to_close
      , __value_6 AS __average_deal_age_days
    FROM agg_0_cte
  ) subq_3
) subq_1
FULL OUTER JOIN (
  SELECT
    opportunity__stage_name
    , CAST(COALESCE(__overdue_pipeline, 0) AS DOUBLE) / CAST(NULLIF(COALESCE(__open_pipeline, 0), 0) AS DOUBLE) AS overdue_rate
  FROM (
    SELECT
      opportunity__stage_name
      , __value_4 AS __overdue_pipeline
      , __value_1 AS __open_pipeline
    FROM agg_0_cte
  ) subq_4
) subq_2
ON
  subq_1.opportunity__stage_name = subq_2.opportunity__stage_name
GROUP BY
  COALESCE(subq_1.opportunity__stage_name, subq_2.opportunity__stage_name)

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    stage_name AS opportunity__stage_name
    , crm_has_amounts AS opportunity__crm_has_amounts
    , case when is_open then 1 else 0 end AS __open_opportunity_count
    , case when is_open then coalesce(amount, 0) else 0 end AS __open_pipeline
    , case when is_open then coalesce(amount * probability, 0) else 0 end AS __weighted_pipeline
    , coalesce(stage_adjusted_amount, 0) AS __stage_adjusted_pipeline
    , case when is_overdue then coalesce(amount, 0) else 0 end AS __overdue_pipeline
    , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS __likely_to_close
    , age_days AS __average_deal_age_days
  FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
)

SELECT
  COALESCE(subq_0.opportunity__stage_name, subq_1.opportunity__stage_name) AS opportunity__stage_name
  , COALESCE(MAX(subq_0.open_opportunity_count), 0) AS open_opportunity_count
  , COALESCE(MAX(subq_0.open_pipeline), 0) AS open_pipeline
  , COALESCE(MAX(subq_0.weighted_pipeline), 0) AS weighted_pipeline
  , COALESCE(MAX(subq_0.stage_adjusted_pipeline), 0) AS stage_adjusted_pipeline
  , COALESCE(MAX(subq_0.overdue_pipeline), 0) AS overdue_pipeline
  , MAX(subq_1.overdue_rate) AS overdue_rate
  , COALESCE(MAX(subq_0.likely_to_close), 0) AS likely_to_close
  , MAX(subq_0.average_deal_age_days) AS average_deal_age_days
FROM (
  SELECT
    opportunity__stage_name
    , COALESCE(__open_opportunity_count, 0) AS open_opportunity_count
    , COALESCE(__open_pipeline, 0) AS open_pipeline
    , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
    , COALESCE(__stage_adjusted_pipeline, 0) AS stage_adjusted_pipeline
    , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
    , COALESCE(__likely_to_close, 0) AS likely_to_close
    , __average_deal_age_days AS average_deal_age_days
  FROM (
    SELECT
      opportunity__stage_name
      , SUM(open_opportunity_count) AS __open_opportunity_count
      , SUM(open_pipeline) AS __open_pipeline
      , SUM(weighted_pipeline) AS __weighted_pipeline
      , SUM(stage_adjusted_pipeline) AS __stage_adjusted_pipeline
      , SUM(overdue_pipeline) AS __overdue_pipeline
      , SUM(likely_to_close) AS __likely_to_close
      , AVG(average_deal_age_days) AS __average_deal_age_days
    FROM (
      SELECT
        opportunity__stage_name
        , opportunity__crm_has_amounts
        , __open_opportunity_count AS open_opportunity_count
        , __open_pipeline AS open_pipeline
        , __weighted_pipeline AS weighted_pipeline
        , __stage_adjusted_pipeline AS stage_adjusted_pipeline
        , __overdue_pipeline AS overdue_pipeline
        , __likely_to_close AS likely_to_close
        , __average_deal_age_days AS average_deal_age_days
      FROM sma_0_cte
    ) subq_2
    WHERE opportunity__crm_has_amounts
    GROUP BY
      opportunity__stage_name
  ) subq_3
) subq_0
FULL OUTER JOIN (
  SELECT
    opportunity__stage_name
    , CAST(COALESCE(__overdue_pipeline, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__open_pipeline, 0), 0) AS DOUBLE PRECISION) AS overdue_rate
  FROM (
    SELECT
      opportunity__stage_name
      , SUM(open_pipeline) AS __open_pipeline
      , SUM(overdue_pipeline) AS __overdue_pipeline
    FROM (
      SELECT
        opportunity__stage_name
        , opportunity__crm_has_amounts
        , __open_pipeline AS open_pipeline
        , __overdue_pipeline AS overdue_pipeline
      FROM sma_0_cte
    ) subq_4
    WHERE opportunity__crm_has_amounts
    GROUP BY
      opportunity__stage_name
  ) subq_5
) subq_1
ON
  subq_0.opportunity__stage_name = subq_1.opportunity__stage_name
GROUP BY
  COALESCE(subq_0.opportunity__stage_name, subq_1.opportunity__stage_name)

-- postgres, rewritten
WITH agg_0_cte AS (
  SELECT
    opportunity__stage_name
    , SUM(open_opportunity_count) AS __value_0
    , SUM(open_pipeline) AS __value_1
    , SUM(weighted_pipeline) AS __value_2
    , SUM(stage_adjusted_pipeline) AS __value_3
    , SUM(overdue_pipeline) AS __value_4
    , SUM(likely_to_close) AS __value_5
    , AVG(average_deal_age_days) AS __value_6
  FROM (
    SELECT
      stage_name AS opportunity__stage_name
      , crm_has_amounts AS opportunity__crm_has_amounts
      , case when is_open then 1 else 0 end AS open_opportunity_count
      , case when is_open then coalesce(amount, 0) else 0 end AS open_pipeline
      , case when is_open then coalesce(amount * probability, 0) else 0 end AS weighted_pipeline
      , coalesce(stage_adjusted_amount, 0) AS stage_adjusted_pipeline
      , case when is_overdue then coalesce(amount, 0) else 0 end AS overdue_pipeline
      , case when is_likely_to_close then coalesce(amount, 0) else 0 end AS likely_to_close
      , age_days AS average_deal_age_days
    FROM "sales_pipeline"."marts"."fct_opportunities" opportunities_src_10000
  ) subq_0
  WHERE opportunity__crm_has_amounts
  GROUP BY
    opportunity__stage_name
)

SELECT
  COALESCE(subq_1.opportunity__stage_name, subq_2.opportunity__stage_name) AS opportunity__stage_name
  , COALESCE(MAX(subq_1.open_opportunity_count), 0) AS open_opportunity_count
  , COALESCE(MAX(subq_1.open_pipeline), 0) AS open_pipeline
  , COALESCE(MAX(subq_1.weighted_pipeline), 0) AS weighted_pipeline
  , COALESCE(MAX(subq_1.stage_adjusted_pipeline), 0) AS stage_adjusted_pipeline
  , COALESCE(MAX(subq_1.overdue_pipeline), 0) AS overdue_pipeline
  , MAX(subq_2.overdue_rate) AS overdue_rate
  , COALESCE(MAX(subq_1.likely_to_close), 0) AS likely_to_close
  , MAX(subq_1.average_deal_age_days) AS average_deal_age_days
FROM (
  SELECT
    opportunity__stage_name
    , COALESCE(__open_opportunity_count, 0) AS open_opportunity_count
    , COALESCE(__open_pipeline, 0) AS open_pipeline
    , COALESCE(__weighted_pipeline, 0) AS weighted_pipeline
    , COALESCE(__stage_adjusted_pipeline, 0) AS stage_adjusted_pipeline
    , COALESCE(__overdue_pipeline, 0) AS overdue_pipeline
    , COALESCE(__likely_to_close, 0) AS likely_to_close
    , __average_deal_age_days AS average_deal_age_days
  FROM (
    SELECT
      opportunity__stage_name
      , __value_0 AS __open_opportunity_count
      , __value_1 AS __open_pipeline
      , __value_2 AS __weighted_pipeline
      , __value_3 AS __stage_adjusted_pipeline
      , __value_4 AS __overdue_pipeline
      , __value_5 AS __likely_to_close
      , __value_6 AS __average_deal_age_days
    FROM agg_0_cte
  ) subq_3
) subq_1
FULL OUTER JOIN (
  SELECT
    opportunity__stage_name
    , CAST(COALESCE(__overdue_pipeline, 0) AS DOUBLE PRECISION) / CAST(NULLIF(COALESCE(__open_pipeline, 0), 0) AS DOUBLE PRECISION) AS overdue_rate
  FROM (
    SELECT
      opportunity__stage_name
      , __value_4 AS __overdue_pipeline
      , __value_1 AS __open_pipeline
    FROM agg_0_cte
  ) subq_4
) subq_2
ON
  subq_1.opportunity__stage_name = subq_2.opportunity__stage_name
GROUP BY
  COALESCE(subq_1.opportunity__stage_name, subq_2.opportunity__stage_name)
