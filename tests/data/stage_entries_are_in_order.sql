-- An entry is left after it is made, by the next one at the latest, and the next funnel step is
-- entered at or after it. An open stage has its days, a closed one none.

{% set rewritten = rewritten_rows('model.sales_pipeline.fct_stage_entries') %}

with

stages as (

    select * from {{ ref('dim_stages') }}

),

-- What follows an entry is of the same opportunity.
followed_entries as (

    select
        stage_entry_id,
        entered_at,
        exited_at,
        lead(entered_at) over (
            partition by opportunity_id order by entry_number
        ) as next_entered_at
    from {{ ref('fct_stage_entries') }}
    {% if rewritten %}
        where opportunity_id in (
            select opportunity_id from {{ ref('fct_stage_entries') }}
            where {{ rewritten }}
        )
    {% endif %}

),

out_of_order as (

    select
        entries.stage_entry_id,
        entries.entered_at,
        entries.exited_at,
        cast(null as timestamp) as next_entered_at,
        entries.next_step_entered_at,
        entries.days_in_stage
    from {{ ref('fct_stage_entries') }} as entries
    inner join stages on entries.stage_id = stages.stage_id
    where
        entries.exited_at < entries.entered_at
        or entries.next_step_entered_at < entries.entered_at
        or entries.days_to_next_step < 0
        or entries.entered_at >= {{ source_dt_end() }}
        or entries.exited_at >= {{ source_dt_end() }}
        or (
            entries.crm_source != 'pipedrive'
            and stages.is_known
            and (stages.stage_category = 'open') != (entries.days_in_stage is not null)
        )
        or (entries.days_in_stage is null) != (entries.is_bottleneck is null)

    union all

    select
        stage_entry_id,
        entered_at,
        exited_at,
        next_entered_at,
        null as next_step_entered_at,
        null as days_in_stage
    from followed_entries
    where coalesce(exited_at, {{ source_dt_end() }}) > next_entered_at

)

select * from out_of_order
