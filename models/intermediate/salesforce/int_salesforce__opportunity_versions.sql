-- What the snapshot kept of opportunities that the history of the CRM has no row of: one a version,
-- from its modification on. A version with another created date is of another record.

with

versions as (

    {% if relation_exists(ref('opportunity_versions')) %}
        select * from {{ ref('opportunity_versions') }}
    {% else %}
        -- `dbt run` takes no snapshots.
        select
            *,
            modified_at as dbt_valid_from,
            modified_at as dbt_valid_to
        from {{ ref('stg_salesforce__opportunities') }}
        where false
    {% endif %}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

recorded as (

    select distinct opportunity_id
    from {{ ref('stg_salesforce__opportunity_history') }}
    where not is_deleted

),

unrecorded as (

    select
        versions.opportunity_id,
        versions.stage_name,
        versions.forecast_category,
        versions.currency,
        versions.amount,
        versions.probability,
        versions.close_date,
        versions.dbt_valid_from as changed_at,
        -- A record that went away and came back has one version twice.
        row_number() over (
            partition by versions.opportunity_id, versions.dbt_valid_from
            order by versions.dbt_valid_to desc nulls first
        ) as newest_first
    from versions
    inner join opportunities
        on
            versions.opportunity_id = opportunities.opportunity_id
            and versions.created_at = opportunities.created_at
    left join recorded on versions.opportunity_id = recorded.opportunity_id
    where not versions.is_deleted and recorded.opportunity_id is null

),

final as (

    select
        opportunity_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        close_date,
        changed_at
    from unrecorded
    where newest_first = 1

)

select * from final
