-- The open pipeline by slice as this build sees it: what the snapshot reported_pipeline keeps, and
-- no later build changes. A build that sees nothing open has one row of nothing, to tell that it
-- was there.

with

opportunities as (

    select * from {{ ref('fct_opportunities') }}
    where is_open

),

slices as (

    select
        owner_id,
        stage_id,
        crm_source,
        forecast_category,
        count(*) as open_opportunities,
        sum(coalesce(amount, 0)) as open_amount,
        sum(coalesce(amount * probability, 0)) as weighted_amount,
        -- The reference date of the facts: a run of a part may find those of another day.
        max(cast(created_at as date) + age_days) as reported_on
    from opportunities
    group by owner_id, stage_id, crm_source, forecast_category

),

reported as (

    select * from slices

    union all

    select
        cast(null as {{ text_type() }}) as owner_id,
        cast(null as {{ text_type() }}) as stage_id,
        cast(null as {{ text_type() }}) as crm_source,
        cast(null as {{ text_type() }}) as forecast_category,
        0 as open_opportunities,
        0 as open_amount,
        0 as weighted_amount,
        {{ source_dt() }} as reported_on
    where not exists (select 1 from slices)

),

final as (

    select
        -- ids
        cast(
            row_number() over (order by crm_source, owner_id, stage_id, forecast_category)
            as integer
        ) as slice_number,
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
        cast(reported_on as timestamp) as reported_on,
        {{ run_start() }} as built_at
    from reported

)

select * from final
