-- The changes of every lifecycle that is not deleted. That a deal was in the bin for a while is no
-- part of its history.

{{ config(materialized='view') }}

with

events as (

    select
        opportunity_id,
        deal_id,
        lifecycle_number,
        event_number,
        event_kind,
        changed_field_key,
        new_value,
        is_by_status,
        open_lives,
        changed_at
    from {{ ref('int_pipedrive__deal_lives') }}
    where not is_deleted and event_kind != 'deletion'

)

select * from events
