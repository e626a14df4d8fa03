-- One row a CRM, with whether it can say that an opportunity is won (Pipedrive by a status that it
-- has recorded up to the reference date, deletions aside, Salesforce by a stage that is won), and
-- whether it has amounts.

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

    select stage_category from {{ ref('stage_map') }}
    where crm_source = 'salesforce'

    union all

    select stage_category from {{ ref('int_salesforce__unknown_stages') }}

),

salesforce as (

    select
        'salesforce' as crm_source,
        count(*) > 0 as tells_wins,
        true as tells_amounts
    from salesforce_stages
    where stage_category = 'won'

),

crm_sources as (

    select * from pipedrive

    union all

    select * from salesforce

)

select * from crm_sources
