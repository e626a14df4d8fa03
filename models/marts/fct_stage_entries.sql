-- One row an entry of an opportunity into a stage, with its exit, the days between, and the way to
-- the next funnel step.

{{ config(
    materialized='incremental',
    incremental_strategy='rewrite_window',
    unique_key='stage_entry_id',
    event_time='entered_at',
    indexes=postgres_indexes(['entered_at'], ['deal_key']),
    on_schema_change='fail',
    meta={'still_running': 'exited_at is null and days_in_stage is not null'}
) }}

-- depends_on: {{ ref('int_deal_fingerprints') }}

with

entries as (

    select * from {{ ref('int_stage_entries') }}
    {% if is_incremental() %}
        where deal_id in (
            {{ deals_with_rows_to_rewrite(
                this, ref('int_stage_entries'), 'entered_at', 'deal_id',
                "exited_at is null and stage_category = 'open'"
            ) }}
        )
    {% endif %}

),

stages as (

    select * from {{ ref('int_stages') }}

),

stepped as (

    select
        entries.*,
        stages.stage_name,
        stages.funnel_step,
        stages.next_funnel_step,
        row_number() over (
            partition by entries.opportunity_id, stages.funnel_step
            order by entries.entry_number
        ) as entry_number_in_step,
        -- A closed stage has no length; a current one is as long as it is by now.
        case
            when entries.stage_category = 'open'
                then {{ days_between(
                    'entries.entered_at', 'coalesce(entries.exited_at, ' ~ source_dt_end() ~ ')'
                ) }}
        end as days_in_stage
    from entries
    inner join stages on entries.stage_id = stages.stage_id

),

next_steps as (

    select
        stepped.stage_entry_id,
        min(later.entered_at) as next_step_entered_at
    from stepped
    inner join stepped as later
        on
            stepped.opportunity_id = later.opportunity_id
            and stepped.next_funnel_step = later.funnel_step
            and stepped.entered_at <= later.entered_at
    group by stepped.stage_entry_id

),

final as (

    select
        -- ids
        stepped.stage_entry_id,
        stepped.opportunity_id,
        stepped.deal_id,
        stepped.account_id,
        stepped.stage_id,
        stepped.owner_id,
        stepped.deal_id as deal_key,

        -- strings
        stepped.stage_name,
        stepped.funnel_step,
        split_part(stepped.deal_id, ':', 1) as crm_source,

        -- numerics
        stepped.entry_number,
        stepped.amount,
        stepped.days_in_stage,
        {{ days_between('stepped.entered_at', 'next_steps.next_step_entered_at') }}
            as days_to_next_step,

        -- booleans
        stepped.days_in_stage > {{ whole_number_var('bottleneck_days', 0, 36500) }}
            as is_bottleneck,
        stepped.funnel_step is not null
        and stepped.entry_number_in_step = 1 as is_first_entry_into_step,

        -- timestamps
        stepped.entered_at,
        stepped.exited_at,
        next_steps.next_step_entered_at,
        stepped.raw_changed_at
    from stepped
    left join next_steps on stepped.stage_entry_id = next_steps.stage_entry_id

)

select * from final
{% if is_incremental() %}
    where {{ is_to_be_rewritten(this, 'entered_at') }}
{% endif %}
