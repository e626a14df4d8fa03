-- One row a stage of a CRM's pipeline, with the funnel step that entering it is.

with

stages as (

    select
        stage_id,
        stage_name,
        stage_order,
        stage_category,
        funnel_step,
        kpi_name,
        is_known
    from {{ ref('int_pipedrive__stages') }}

    union all

    select * from {{ ref('int_salesforce__stages') }}

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
        split_part(stage_id, ':', 1) as crm_source,

        -- numerics
        stage_order,

        -- booleans
        is_known
    from stages

)

select * from final
