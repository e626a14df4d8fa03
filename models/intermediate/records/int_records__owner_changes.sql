-- Changes of owners that a CRM recorded. Salesforce writes each twice, with ids and with names;
-- user ids begin so. Elsewhere it is a row of the history with another owner than the one before.

{{ config(materialized='view') }}

with

numbered as (

    select
        history_id,
        opportunity_id,
        owner_id,
        lag(owner_id) over (
            partition by opportunity_id order by changed_at, {{ by_bytes('history_id') }}
        ) as previous_owner_id,
        changed_at
    from {{ ref('stg_generic__opportunity_history') }}
    where owner_id is not null

),

changes as (

    select
        opportunity_id,
        field_history_id as change_id,
        'salesforce:' || old_value as old_owner_id,
        'salesforce:' || new_value as new_owner_id,
        changed_at
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    where
        not is_deleted
        and lower(changed_field) in ('owner', 'ownerid', 'owner_id')
        and new_value like '005%'

    union all

    select
        opportunity_id,
        history_id as change_id,
        previous_owner_id as old_owner_id,
        owner_id as new_owner_id,
        changed_at
    from numbered
    where owner_id != previous_owner_id

)

select * from changes
