-- The open Salesforce opportunities of every day, under the name that older readers know.

{{ config(alias='opportunity_history_snapshot') }}

with

snapshots as (

    select * from {{ ref('fct_opportunity_snapshots') }}
    where is_open_at_end

),

-- Amounts as they were: the snapshots count a missing one as 0.
history as (

    select * from {{ ref('fct_opportunity_history') }}
    where crm_source = 'salesforce'

),

-- In the order that its readers know.
final as (

    select
        {{ crm_id('snapshots.opportunity_id') }} as opportunity_id,
        cast(snapshots.snapshot_date as date) as snapshot_date,
        history.stage_name,
        history.amount,
        history.probability,
        cast(history.close_date as date) as close_date
    from snapshots
    inner join history
        on
            snapshots.opportunity_id = history.opportunity_id
            and snapshots.history_number = history.history_number

)

select * from final
