-- saved query of thirteen steps by month

-- duckdb, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('month', occurred_at) AS metric_time__month
    , funnel_step AS funnel_event__funnel_step
    , opportunity_id AS __funnel_deals
    , opportunity_id AS __lead_generation_deals
    , opportunity_id AS __qualified_lead_deals
    , opportunity_id AS __sales_call_1_deals
    , opportunity_id AS __needs_assessment_deals
    , opportunity_id AS __sales_call_2_deals
    , opportunity_id AS __proposal_quote_preparation_deals
    , opportunity_id AS __negotiation_deals
    , opportunity_id AS __closing_deals
    , opportunity_id AS __implementation_onboarding_deals
    , opportunity_id AS __follow_up_customer_success_deals
    , opportunity_id AS __renewal_expansion_deals
    , opportunity_id AS __lost_deals
  FROM "sales_pipeline"."marts"."fct_funnel_events" funnel_events_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month, subq_12.metric_time__month) AS metric_time__month
  , COALESCE(MAX(subq_0.funnel_deals), 0) AS funnel_deals
  , COALESCE(MAX(subq_1.lead_generation_deals), 0) AS lead_generation_deals
  , COALESCE(MAX(subq_2.qualified_lead_deals), 0) AS qualified_lead_deals
  , COALESCE(MAX(subq_3.sales_call_1_deals), 0) AS sales_call_1_deals
  , COALESCE(MAX(subq_4.needs_assessment_deals), 0) AS needs_assessment_deals
  , COALESCE(MAX(subq_5.sales_call_2_deals), 0) AS sales_call_2_deals
  , COALESCE(MAX(subq_6.proposal_quote_preparation_deals), 0) AS proposal_quote_preparation_deals
  , COALESCE(MAX(subq_7.negotiation_deals), 0) AS negotiation_deals
  , COALESCE(MAX(subq_8.closing_deals), 0) AS closing_deals
  , COALESCE(MAX(subq_9.implementation_onboarding_deals), 0) AS implementation_onboarding_deals
  , COALESCE(MAX(subq_10.follow_up_customer_success_deals), 0) AS follow_up_customer_success_deals
  , COALESCE(MAX(subq_11.renewal_expansion_deals), 0) AS renewal_expansion_deals
  , COALESCE(MAX(subq_12.lost_deals), 0) AS lost_deals
FROM (
  SELECT
    metric_time__month
    , COALESCE(__funnel_deals, 0) AS funnel_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT __funnel_deals) AS __funnel_deals
    FROM sma_0_cte
    GROUP BY
      metric_time__month
  ) subq_13
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__lead_generation_deals, 0) AS lead_generation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT lead_generation_deals) AS __lead_generation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __lead_generation_deals AS lead_generation_deals
      FROM sma_0_cte
    ) subq_14
    WHERE funnel_event__funnel_step = '1'
    GROUP BY
      metric_time__month
  ) subq_15
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__qualified_lead_deals, 0) AS qualified_lead_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT qualified_lead_deals) AS __qualified_lead_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __qualified_lead_deals AS qualified_lead_deals
      FROM sma_0_cte
    ) subq_16
    WHERE funnel_event__funnel_step = '2'
    GROUP BY
      metric_time__month
  ) subq_17
) subq_2
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) = subq_2.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__sales_call_1_deals, 0) AS sales_call_1_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT sales_call_1_deals) AS __sales_call_1_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __sales_call_1_deals AS sales_call_1_deals
      FROM sma_0_cte
    ) subq_18
    WHERE funnel_event__funnel_step = '2.1'
    GROUP BY
      metric_time__month
  ) subq_19
) subq_3
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month) = subq_3.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__needs_assessment_deals, 0) AS needs_assessment_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT needs_assessment_deals) AS __needs_assessment_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __needs_assessment_deals AS needs_assessment_deals
      FROM sma_0_cte
    ) subq_20
    WHERE funnel_event__funnel_step = '3'
    GROUP BY
      metric_time__month
  ) subq_21
) subq_4
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month) = subq_4.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__sales_call_2_deals, 0) AS sales_call_2_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT sales_call_2_deals) AS __sales_call_2_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __sales_call_2_deals AS sales_call_2_deals
      FROM sma_0_cte
    ) subq_22
    WHERE funnel_event__funnel_step = '3.1'
    GROUP BY
      metric_time__month
  ) subq_23
) subq_5
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month) = subq_5.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__proposal_quote_preparation_deals, 0) AS proposal_quote_preparation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT proposal_quote_preparation_deals) AS __proposal_quote_preparation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __proposal_quote_preparation_deals AS proposal_quote_preparation_deals
      FROM sma_0_cte
    ) subq_24
    WHERE funnel_event__funnel_step = '4'
    GROUP BY
      metric_time__month
  ) subq_25
) subq_6
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month) = subq_6.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__negotiation_deals, 0) AS negotiation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT negotiation_deals) AS __negotiation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __negotiation_deals AS negotiation_deals
      FROM sma_0_cte
    ) subq_26
    WHERE funnel_event__funnel_step = '5'
    GROUP BY
      metric_time__month
  ) subq_27
) subq_7
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month) = subq_7.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__closing_deals, 0) AS closing_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT closing_deals) AS __closing_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __closing_deals AS closing_deals
      FROM sma_0_cte
    ) subq_28
    WHERE funnel_event__funnel_step = '6'
    GROUP BY
      metric_time__month
  ) subq_29
) subq_8
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month) = subq_8.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__implementation_onboarding_deals, 0) AS implementation_onboarding_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT implementation_onboarding_deals) AS __implementation_onboarding_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __implementation_onboarding_deals AS implementation_onboarding_deals
      FROM sma_0_cte
    ) subq_30
    WHERE funnel_event__funnel_step = '7'
    GROUP BY
      metric_time__month
  ) subq_31
) subq_9
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month) = subq_9.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__follow_up_customer_success_deals, 0) AS follow_up_customer_success_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT follow_up_customer_success_deals) AS __follow_up_customer_success_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __follow_up_customer_success_deals AS follow_up_customer_success_deals
      FROM sma_0_cte
    ) subq_32
    WHERE funnel_event__funnel_step = '8'
    GROUP BY
      metric_time__month
  ) subq_33
) subq_10
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month) = subq_10.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__renewal_expansion_deals, 0) AS renewal_expansion_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT renewal_expansion_deals) AS __renewal_expansion_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __renewal_expansion_deals AS renewal_expansion_deals
      FROM sma_0_cte
    ) subq_34
    WHERE funnel_event__funnel_step = '9'
    GROUP BY
      metric_time__month
  ) subq_35
) subq_11
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month) = subq_11.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__lost_deals, 0) AS lost_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT lost_deals) AS __lost_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __lost_deals AS lost_deals
      FROM sma_0_cte
    ) subq_36
    WHERE funnel_event__funnel_step = 'Lost'
    GROUP BY
      metric_time__month
  ) subq_37
) subq_12
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month) = subq_12.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month, subq_12.metric_time__month)

-- duckdb, rewritten
-- the same as not rewritten

-- postgres, not rewritten
WITH sma_0_cte AS NOT MATERIALIZED (
  SELECT
    DATE_TRUNC('month', occurred_at) AS metric_time__month
    , funnel_step AS funnel_event__funnel_step
    , opportunity_id AS __funnel_deals
    , opportunity_id AS __lead_generation_deals
    , opportunity_id AS __qualified_lead_deals
    , opportunity_id AS __sales_call_1_deals
    , opportunity_id AS __needs_assessment_deals
    , opportunity_id AS __sales_call_2_deals
    , opportunity_id AS __proposal_quote_preparation_deals
    , opportunity_id AS __negotiation_deals
    , opportunity_id AS __closing_deals
    , opportunity_id AS __implementation_onboarding_deals
    , opportunity_id AS __follow_up_customer_success_deals
    , opportunity_id AS __renewal_expansion_deals
    , opportunity_id AS __lost_deals
  FROM "sales_pipeline"."marts"."fct_funnel_events" funnel_events_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month, subq_12.metric_time__month) AS metric_time__month
  , COALESCE(MAX(subq_0.funnel_deals), 0) AS funnel_deals
  , COALESCE(MAX(subq_1.lead_generation_deals), 0) AS lead_generation_deals
  , COALESCE(MAX(subq_2.qualified_lead_deals), 0) AS qualified_lead_deals
  , COALESCE(MAX(subq_3.sales_call_1_deals), 0) AS sales_call_1_deals
  , COALESCE(MAX(subq_4.needs_assessment_deals), 0) AS needs_assessment_deals
  , COALESCE(MAX(subq_5.sales_call_2_deals), 0) AS sales_call_2_deals
  , COALESCE(MAX(subq_6.proposal_quote_preparation_deals), 0) AS proposal_quote_preparation_deals
  , COALESCE(MAX(subq_7.negotiation_deals), 0) AS negotiation_deals
  , COALESCE(MAX(subq_8.closing_deals), 0) AS closing_deals
  , COALESCE(MAX(subq_9.implementation_onboarding_deals), 0) AS implementation_onboarding_deals
  , COALESCE(MAX(subq_10.follow_up_customer_success_deals), 0) AS follow_up_customer_success_deals
  , COALESCE(MAX(subq_11.renewal_expansion_deals), 0) AS renewal_expansion_deals
  , COALESCE(MAX(subq_12.lost_deals), 0) AS lost_deals
FROM (
  SELECT
    metric_time__month
    , COALESCE(__funnel_deals, 0) AS funnel_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT __funnel_deals) AS __funnel_deals
    FROM sma_0_cte
    GROUP BY
      metric_time__month
  ) subq_13
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__lead_generation_deals, 0) AS lead_generation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT lead_generation_deals) AS __lead_generation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __lead_generation_deals AS lead_generation_deals
      FROM sma_0_cte
    ) subq_14
    WHERE funnel_event__funnel_step = '1'
    GROUP BY
      metric_time__month
  ) subq_15
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__qualified_lead_deals, 0) AS qualified_lead_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT qualified_lead_deals) AS __qualified_lead_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __qualified_lead_deals AS qualified_lead_deals
      FROM sma_0_cte
    ) subq_16
    WHERE funnel_event__funnel_step = '2'
    GROUP BY
      metric_time__month
  ) subq_17
) subq_2
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) = subq_2.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__sales_call_1_deals, 0) AS sales_call_1_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT sales_call_1_deals) AS __sales_call_1_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __sales_call_1_deals AS sales_call_1_deals
      FROM sma_0_cte
    ) subq_18
    WHERE funnel_event__funnel_step = '2.1'
    GROUP BY
      metric_time__month
  ) subq_19
) subq_3
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month) = subq_3.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__needs_assessment_deals, 0) AS needs_assessment_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT needs_assessment_deals) AS __needs_assessment_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __needs_assessment_deals AS needs_assessment_deals
      FROM sma_0_cte
    ) subq_20
    WHERE funnel_event__funnel_step = '3'
    GROUP BY
      metric_time__month
  ) subq_21
) subq_4
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month) = subq_4.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__sales_call_2_deals, 0) AS sales_call_2_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT sales_call_2_deals) AS __sales_call_2_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __sales_call_2_deals AS sales_call_2_deals
      FROM sma_0_cte
    ) subq_22
    WHERE funnel_event__funnel_step = '3.1'
    GROUP BY
      metric_time__month
  ) subq_23
) subq_5
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month) = subq_5.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__proposal_quote_preparation_deals, 0) AS proposal_quote_preparation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT proposal_quote_preparation_deals) AS __proposal_quote_preparation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __proposal_quote_preparation_deals AS proposal_quote_preparation_deals
      FROM sma_0_cte
    ) subq_24
    WHERE funnel_event__funnel_step = '4'
    GROUP BY
      metric_time__month
  ) subq_25
) subq_6
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month) = subq_6.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__negotiation_deals, 0) AS negotiation_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT negotiation_deals) AS __negotiation_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __negotiation_deals AS negotiation_deals
      FROM sma_0_cte
    ) subq_26
    WHERE funnel_event__funnel_step = '5'
    GROUP BY
      metric_time__month
  ) subq_27
) subq_7
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month) = subq_7.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__closing_deals, 0) AS closing_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT closing_deals) AS __closing_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __closing_deals AS closing_deals
      FROM sma_0_cte
    ) subq_28
    WHERE funnel_event__funnel_step = '6'
    GROUP BY
      metric_time__month
  ) subq_29
) subq_8
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month) = subq_8.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__implementation_onboarding_deals, 0) AS implementation_onboarding_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT implementation_onboarding_deals) AS __implementation_onboarding_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __implementation_onboarding_deals AS implementation_onboarding_deals
      FROM sma_0_cte
    ) subq_30
    WHERE funnel_event__funnel_step = '7'
    GROUP BY
      metric_time__month
  ) subq_31
) subq_9
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month) = subq_9.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__follow_up_customer_success_deals, 0) AS follow_up_customer_success_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT follow_up_customer_success_deals) AS __follow_up_customer_success_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __follow_up_customer_success_deals AS follow_up_customer_success_deals
      FROM sma_0_cte
    ) subq_32
    WHERE funnel_event__funnel_step = '8'
    GROUP BY
      metric_time__month
  ) subq_33
) subq_10
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month) = subq_10.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__renewal_expansion_deals, 0) AS renewal_expansion_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT renewal_expansion_deals) AS __renewal_expansion_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __renewal_expansion_deals AS renewal_expansion_deals
      FROM sma_0_cte
    ) subq_34
    WHERE funnel_event__funnel_step = '9'
    GROUP BY
      metric_time__month
  ) subq_35
) subq_11
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month) = subq_11.metric_time__month
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , COALESCE(__lost_deals, 0) AS lost_deals
  FROM (
    SELECT
      metric_time__month
      , COUNT(DISTINCT lost_deals) AS __lost_deals
    FROM (
      SELECT
        metric_time__month
        , funnel_event__funnel_step
        , __lost_deals AS lost_deals
      FROM sma_0_cte
    ) subq_36
    WHERE funnel_event__funnel_step = 'Lost'
    GROUP BY
      metric_time__month
  ) subq_37
) subq_12
ON
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month) = subq_12.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month, subq_3.metric_time__month, subq_4.metric_time__month, subq_5.metric_time__month, subq_6.metric_time__month, subq_7.metric_time__month, subq_8.metric_time__month, subq_9.metric_time__month, subq_10.metric_time__month, subq_11.metric_time__month, subq_12.metric_time__month)

-- postgres, rewritten
-- the same as not rewritten
