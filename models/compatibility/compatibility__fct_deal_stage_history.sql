-- Every entry of a deal into a stage, under the name that older readers know.

{{ config(alias='fct_deal_stage_history') }}

with

entries as (

    select * from {{ ref('fct_stage_entries') }}
    where crm_source = 'pipedrive'

),

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

-- In the order that its readers know.
final as (

    select
        {{ crm_number('entries.deal_id') }} as deal_id,
        {{ crm_number('entries.stage_id') }} as stage_id,
        entries.stage_name,
        funnel_steps.kpi_name,
        entries.funnel_step,
        entries.entered_at as stage_entry_timestamp,
        cast(
            row_number() over (
                partition by entries.deal_id, entries.stage_id
                order by
                    entries.entered_at,
                    {{ by_bytes('entries.opportunity_id') }},
                    entries.entry_number
            ) as integer
        ) as stage_entry_num
    from entries
    left join funnel_steps on entries.funnel_step = funnel_steps.funnel_step

)

select * from final
