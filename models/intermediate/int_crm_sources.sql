-- One row a CRM, with whether it can say that an opportunity is won (Pipedrive by a status that it
-- has recorded up to the reference date, deletions aside, any other CRM by a stage that is won),
-- and whether it has amounts.

with

pipedrive as (

    select
        'pipedrive' as crm_source,
        count(
            case
                when
                    changed_field_key = 'status' and lower(new_value) in ('open', 'won', 'lost')
                    then 1
            end
        ) > 0 as tells_wins,
        count(case when changed_field_key = 'value' then new_value end) > 0 as tells_amounts
    from {{ ref('int_pipedrive__deal_changes') }}
    where changed_at < {{ source_dt_end() }}

),

salesforce_stages as (

    select
        crm_source,
        stage_category
    from {{ ref('int_stage_map') }}
    where crm_source != 'pipedrive'

    union all

    select
        crm_source,
        stage_category
    from {{ ref('int_salesforce__unknown_stages') }}

),

crms as (

    select 'salesforce' as crm_source

    union all

    select 'generic' as crm_source

),

salesforce as (

    select
        crms.crm_source,
        count(stages.stage_category) > 0 as tells_wins,
        true as tells_amounts
    from crms
    left join salesforce_stages as stages
        on crms.crm_source = stages.crm_source and stages.stage_category = 'won'
    group by crms.crm_source

),

crm_sources as (

    select * from pipedrive

    union all

    select * from salesforce

)

select * from crm_sources
