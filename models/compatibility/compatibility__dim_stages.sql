-- Stages as Pipedrive knows them, under the name that older readers know.

{{ config(alias='dim_stages') }}

with

stages as (

    select * from {{ ref('dim_stages') }}
    where crm_source = 'pipedrive'

),

final as (

    select
        -- ids
        {{ crm_number('stage_id') }} as stage_id,

        -- strings
        stage_name,
        kpi_name,
        funnel_step
    from stages

)

select * from final
