-- One row a state of an opportunity, valid_from <= t < valid_to, replayed from the CRM's own
-- history up to the reference date. The attributes are those of the time, but for the account. A
-- view: all that is dear to work out is in the tables that it reads.

{{ config(materialized='view') }}

with

history as (

    select
        opportunity_id,
        deal_key,
        account_id,
        owner_id,
        stage_id,
        stage_name,
        stage_category,
        forecast_category,
        history_number,
        amount,
        probability,
        close_date,
        valid_from,
        valid_to,
        raw_changed_at
    from {{ ref('int_salesforce__opportunity_history') }}

    union all

    select
        pipedrive.opportunity_id,
        pipedrive.deal_key,
        pipedrive.account_id,
        pipedrive.owner_id,
        pipedrive.stage_id,
        pipedrive.stage_name,
        pipedrive.stage_category,
        pipedrive.forecast_category,
        pipedrive.history_number,
        pipedrive.amount,
        pipedrive.probability,
        pipedrive.close_date,
        pipedrive.valid_from,
        pipedrive.valid_to,
        fingerprints.raw_changed_at
    from {{ ref('int_pipedrive__opportunity_history') }} as pipedrive
    inner join {{ ref('int_deal_fingerprints') }} as fingerprints
        on pipedrive.deal_key = fingerprints.deal_key

),

final as (

    select
        -- ids
        opportunity_id,
        deal_key,
        account_id,
        owner_id,
        stage_id,

        -- strings
        stage_name,
        stage_category,
        forecast_category,
        split_part(opportunity_id, ':', 1) as crm_source,

        -- numerics
        history_number,
        amount,
        probability,

        -- booleans
        stage_category = 'open' as is_open,
        valid_to is null as is_current,

        -- timestamps
        close_date,
        {{ fiscal_period('quarter', 'close_date') }} as close_quarter,
        valid_from,
        valid_to,
        raw_changed_at
    from history

)

select * from final
