-- A fingerprint of everything that an opportunity's rows in the marts are built from: its own raw
-- rows, with whether the reference date has reached them (one that it has not may still be the
-- first known state), and the mappings that all opportunities share.

{{ config(materialized='view') }}

with

raw_rows as (

    select
        opportunity_id,
        {{ row_hash([
            text_literal('opportunity'), 'account_id', 'owner_id', 'stage_name',
            'forecast_category', 'currency', 'amount', 'rate_to_corporate', 'probability',
            'is_closed', 'is_won', 'lost_reason', 'close_date', 'created_at', 'modified_at',
            'modified_at < ' ~ source_dt_end()
        ]) }} as row_hash
    from {{ ref('int_salesforce__opportunities') }}

    union all

    select
        opportunity_id,
        {{ row_hash([
            text_literal('history'), 'history_id', 'stage_name', 'forecast_category',
            'currency', 'amount', 'probability', 'close_date', 'changed_at',
            'changed_at < ' ~ source_dt_end()
        ]) }} as row_hash
    from {{ ref('int_records__opportunity_history') }}
    where not is_deleted

    union all

    select
        opportunity_id,
        {{ row_hash([
            text_literal('version'), 'stage_name', 'forecast_category', 'currency', 'amount',
            'probability', 'close_date', 'changed_at', 'changed_at < ' ~ source_dt_end()
        ]) }} as row_hash
    from {{ ref('int_salesforce__opportunity_versions') }}

    union all

    select
        opportunity_id,
        {{ row_hash([
            text_literal('field'), 'field_history_id', 'changed_field', 'old_value',
            'new_value', 'changed_at', 'changed_at < ' ~ source_dt_end()
        ]) }} as row_hash
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    where not is_deleted

    union all

    select
        opportunity_id,
        {{ row_hash([
            text_literal('owner'), 'change_id', 'old_owner_id', 'new_owner_id', 'changed_at',
            'changed_at < ' ~ source_dt_end()
        ]) }} as row_hash
    from {{ ref('int_records__owner_changes') }}
    where opportunity_id not like 'salesforce:%'

),

mapping_rows as (

    select
        {{ row_hash([
            'crm_source', 'stage_name', 'stage_category', 'funnel_step', 'default_probability'
        ]) }} as row_hash
    from {{ ref('int_stage_map') }}
    where crm_source != 'pipedrive'

    union all

    select {{ row_hash(['crm_source', 'stage_name', 'stage_category']) }} as row_hash
    from {{ ref('int_salesforce__unknown_stages') }}

    union all

    select {{ row_hash(['currency', 'rate_to_corporate']) }} as row_hash
    from {{ ref('currency_rates') }}

    union all

    select {{ row_hash(['funnel_step', 'kpi_name', 'next_funnel_step']) }} as row_hash
    from {{ ref('funnel_steps') }}

    union all

    -- They decide the quarter of a close date, and what is a bottleneck.
    select
        {{ row_hash([
            whole_number_var('fiscal_year_start_month', 1, 12),
            whole_number_var('bottleneck_days', 0, 36500)
        ]) }} as row_hash

),

mappings as (

    select sum(row_hash) as mapping_hash from mapping_rows

),

opportunities as (

    select
        opportunity_id,
        sum(row_hash) as opportunity_hash,
        count(*) as row_count
    from raw_rows
    group by opportunity_id

),

fingerprints as (

    select
        opportunities.opportunity_id as deal_key,
        md5(
            cast(opportunities.opportunity_hash as {{ text_type() }})
            || '|' || cast(opportunities.row_count as {{ text_type() }})
            || '|' || cast(mappings.mapping_hash as {{ text_type() }})
        ) as raw_fingerprint
    from opportunities
    -- History of an opportunity that is not there is nobody's.
    inner join {{ ref('int_salesforce__opportunities') }} as present
        on opportunities.opportunity_id = present.opportunity_id
    cross join mappings

)

select * from fingerprints
