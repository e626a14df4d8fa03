-- The changes of what a deal is worth: its value, currency, probability and expected close date,
-- each in a column of its own.

with

changes as (

    select
        opportunity_id,
        event_number,
        changed_field_key,
        case when changed_field_key = 'value' then cast(new_value as numeric(24, 6)) end as amount,
        case when changed_field_key = 'currency' then new_value end as currency,
        case
            when changed_field_key = 'probability'
                then cast(cast(new_value as numeric(24, 6)) / 100 as numeric(9, 6))
        end as probability,
        case
            when changed_field_key = 'expected_close_date' then cast(new_value as timestamp)
        end as expected_close_date,
        changed_at
    from {{ ref('int_pipedrive__deal_events') }}
    where event_kind = 'value'

)

select * from changes
