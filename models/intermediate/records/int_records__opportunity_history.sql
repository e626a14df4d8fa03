-- Changes of stage, amount, probability or close date, of every CRM that keeps records.

{{ config(materialized='view') }}

with

records as (

    select
        history_id,
        opportunity_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        is_deleted,
        close_date,
        changed_at
    from {{ ref('stg_salesforce__opportunity_history') }}

    union all

    select
        history_id,
        opportunity_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        false as is_deleted,
        close_date,
        changed_at
    from {{ ref('stg_generic__opportunity_history') }}

)

select * from records
