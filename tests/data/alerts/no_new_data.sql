-- A CRM gave no funnel event for days, the reference date included: its extract may have stopped.
-- The days since the newest one, of each CRM that ever gave any.

with

events as (

    select * from {{ ref('export_funnel_events_daily_by_crm') }}

),

newest_days as (

    select
        funnel_event__crm_source as crm_source,
        cast(max(metric_time__day) as date) as newest_day
    from events
    group by funnel_event__crm_source

),

ages as (

    select
        crm_source,
        newest_day,
        {{ source_dt() }} as period,
        {{ whole_days_between('newest_day', source_dt()) }} as value,
        {{ whole_number_var('alert_days_without_data', 1, 36500) }} as threshold
    from newest_days

),

final as (

    select
        'no_new_data' as alert,
        crm_source as subject,
        period,
        cast(value as {{ double_type() }}) as value,
        cast(threshold as {{ double_type() }}) as threshold,
        crm_source || ': no new data for ' || cast(value as {{ text_type() }})
        || ' days, the newest is of ' || cast(newest_day as {{ text_type() }}) as message
    from ages
    where value >= threshold

)

select * from final
