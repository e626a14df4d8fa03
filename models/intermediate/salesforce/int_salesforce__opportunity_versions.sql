-- Versions of opportunities that the history of the CRM has no row of, as a connector's history
-- mode landed them and, from before those, as the snapshot kept them: one a version, from its
-- modification on. A version with another created date is of another record.

with

kept_versions as (

    {% if relation_exists(ref('opportunity_versions')) %}
        select * from {{ ref('opportunity_versions') }}
    {% else %}
        -- `dbt run` takes no snapshots.
        select
            *,
            modified_at as dbt_valid_from,
            modified_at as dbt_valid_to
        from {{ ref('int_records__opportunities') }}
        where false
    {% endif %}

),

landed_versions as (

    select * from {{ ref('stg_salesforce__opportunity_versions') }}

),

first_landed as (

    select
        opportunity_id,
        min(valid_from) as valid_from
    from landed_versions
    group by opportunity_id

),

versions as (

    select
        opportunity_id,
        stage_name,
        forecast_category,
        currency,
        amount,
        probability,
        close_date,
        is_deleted,
        created_at,
        valid_from,
        valid_to
    from landed_versions

    union all

    select
        kept_versions.opportunity_id,
        kept_versions.stage_name,
        kept_versions.forecast_category,
        kept_versions.currency,
        kept_versions.amount,
        kept_versions.probability,
        kept_versions.close_date,
        kept_versions.is_deleted,
        kept_versions.created_at,
        kept_versions.dbt_valid_from as valid_from,
        kept_versions.dbt_valid_to as valid_to
    from kept_versions
    left join first_landed on kept_versions.opportunity_id = first_landed.opportunity_id
    where
        first_landed.opportunity_id is null
        or kept_versions.dbt_valid_from < first_landed.valid_from

),

opportunities as (

    select * from {{ ref('int_records__opportunities') }}

),

recorded as (

    select distinct opportunity_id
    from {{ ref('int_records__opportunity_history') }}
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
        versions.valid_from as changed_at,
        -- A record that went away and came back has one version twice.
        row_number() over (
            partition by versions.opportunity_id, versions.valid_from
            order by versions.valid_to desc nulls first
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
