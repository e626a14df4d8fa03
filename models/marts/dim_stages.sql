-- One row a stage of a CRM's pipeline, with the funnel step that entering it is.

{{ config(indexes=postgres_indexes(['stage_id'])) }}

with

stages as (

    select * from {{ ref('int_stages') }}

),

final as (

    select
        -- ids
        stage_id,

        -- strings
        stage_name,
        stage_category,
        funnel_step,
        kpi_name,
        pipeline_name,
        crm_source,

        -- numerics
        stage_order,

        -- booleans
        is_known
    from stages

)

select * from final
