-- One row a reference date and slice of what the first build of that date saw open, whole: nothing
-- of two builds is mixed. On the first day on which a slice has nothing any more it has a last row
-- of nothing: so it says that it was left, and its last row is right under any filter.

with

builds as (

    {% if relation_exists(ref('reported_pipeline')) %}
        select * from {{ ref('reported_pipeline') }}
    {% else %}
        -- `dbt run` takes no snapshots.
        select * from {{ ref('int_reported_pipeline') }}
        where false
    {% endif %}

),

dated as (

    select
        *,
        min(built_at) over (partition by reported_on) as first_built_at
    from builds
    where reported_on < {{ source_dt_end() }}

),

reported as (

    select * from dated
    where built_at = first_built_at

),

days as (

    select
        reported_on,
        built_at,
        lead(reported_on) over (order by reported_on) as next_reported_on,
        lead(built_at) over (order by reported_on) as next_built_at
    from reported
    group by reported_on, built_at

),

slices as (

    select
        reported.*,
        days.next_reported_on,
        days.next_built_at,
        lead(reported.reported_on) over (
            partition by
                reported.crm_source,
                reported.owner_id,
                reported.stage_id,
                reported.forecast_category
            order by reported.reported_on
        ) as next_reported_on_of_slice
    from reported
    inner join days on reported.reported_on = days.reported_on

),

all_rows as (

    select
        owner_id,
        stage_id,
        crm_source,
        forecast_category,
        open_opportunities,
        open_amount,
        weighted_amount,
        reported_on,
        built_at
    from slices

    union all

    select
        owner_id,
        stage_id,
        crm_source,
        forecast_category,
        0 as open_opportunities,
        0 as open_amount,
        0 as weighted_amount,
        next_reported_on as reported_on,
        next_built_at as built_at
    from slices
    where
        open_opportunities > 0
        and next_reported_on is not null
        and next_reported_on_of_slice is distinct from next_reported_on

),

final as (

    select
        -- ids
        owner_id,
        stage_id,

        -- strings
        crm_source,
        forecast_category,

        -- numerics
        cast(open_opportunities as bigint) as open_opportunities,
        cast(open_amount as numeric(38, 6)) as open_amount,
        cast(weighted_amount as numeric(38, 12)) as weighted_amount,

        -- timestamps
        reported_on,
        built_at
    from all_rows

)

select * from final
