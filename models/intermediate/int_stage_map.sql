-- What each stage means: by the seed stage_map, and for stages of any CRM that it does not know by
-- the CRM's own list.

{{ config(materialized='view') }}

with

mapped as (

    select
        crm_source,
        stage_name,
        cast(stage_order as integer) as stage_order,
        stage_category,
        funnel_step,
        default_probability
    from {{ ref('stage_map') }}

),

listed as (

    select
        'generic' as crm_source,
        stage_name,
        stage_order,
        stage_category,
        funnel_step,
        default_probability
    from {{ ref('stg_generic__stages') }}

),

stages as (

    select * from mapped

    union all

    select listed.*
    from listed
    left join mapped
        on
            listed.crm_source = mapped.crm_source
            and lower(trim(listed.stage_name)) = lower(trim(mapped.stage_name))
    where mapped.stage_name is null

)

select * from stages
