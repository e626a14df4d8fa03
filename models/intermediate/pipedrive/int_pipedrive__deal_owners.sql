-- Who owned a deal when (SCD-2), half-open: valid_from <= t < valid_to. The first owner holds from
-- the beginning of the lifecycle, the last one to no end.

with

owners as (

    select
        opportunity_id,
        deal_id,
        'pipedrive:' || new_value as owner_id,
        event_number,
        changed_at,
        row_number() over (partition by opportunity_id order by event_number) as owner_number
    from {{ ref('int_pipedrive__deal_events') }}
    where changed_field_key = 'user_id'

),

lifecycles as (

    select
        opportunity_id,
        min(changed_at) as began_at
    from {{ ref('int_pipedrive__deal_events') }}
    group by opportunity_id

),

periods as (

    select
        owners.opportunity_id,
        owners.deal_id,
        owners.owner_id,
        cast(owners.owner_number as integer) as owner_number,
        case
            when owners.owner_number = 1 then lifecycles.began_at
            else owners.changed_at
        end as valid_from,
        lead(owners.changed_at) over (
            partition by owners.opportunity_id
            order by owners.event_number
        ) as valid_to
    from owners
    inner join lifecycles on owners.opportunity_id = lifecycles.opportunity_id

)

select * from periods
