-- One row a lifecycle of a deal id, deleted ones left out. It is what the store calls an
-- opportunity. Its state is the one on the reference date.

with

events as (

    select * from {{ ref('int_pipedrive__deal_events') }}

),

creations as (

    select
        opportunity_id,
        deal_id,
        lifecycle_number,
        min(changed_at) as began_at,
        min(case when changed_field_key = 'add_time' then {{ utc_timestamp('new_value') }} end)
            as added_at
    from events
    group by opportunity_id, deal_id, lifecycle_number

),

last_states as (

    select
        opportunity_id,
        case change_kind when 'win' then 'won' when 'loss' then 'lost' else 'open' end
            as stage_category,
        case when change_kind in ('win', 'loss') then changed_at end as closed_at,
        row_number() over (partition by opportunity_id order by event_number desc) as newest_first
    from {{ ref('int_pipedrive__deal_states') }}
    where change_kind != 'closed_move'

),

last_losses as (

    select
        opportunity_id,
        lost_reason,
        row_number() over (partition by opportunity_id order by loss_number desc) as newest_first
    from {{ ref('int_pipedrive__losses') }}

),

last_owners as (

    select * from {{ ref('int_pipedrive__deal_owners') }}
    where valid_to is null

),

last_stages as (

    select
        opportunity_id,
        'pipedrive:' || new_value as stage_id,
        row_number() over (partition by opportunity_id order by event_number desc) as newest_first
    from {{ ref('int_pipedrive__deal_states') }}
    where change_kind in ('stage_entry', 'closed_move')

),

records as (

    select * from {{ ref('stg_pipedrive__deals') }}

),

accounts as (

    select * from {{ ref('stg_pipedrive__organizations') }}
    where not is_deleted

),

joined as (

    select
        creations.opportunity_id,
        creations.deal_id,
        creations.lifecycle_number,
        accounts.account_id,
        last_owners.owner_id,
        last_stages.stage_id,
        records.opportunity_name,
        records.lead_source,
        coalesce(last_states.stage_category, 'open') as stage_category,
        case when last_states.stage_category = 'lost' then last_losses.lost_reason end
            as lost_reason,
        coalesce(creations.added_at, creations.began_at) as created_at,
        last_states.closed_at,
        -- The day of the CRM's own time, where its record is still what the deal was then.
        date_trunc(
            'day',
            case
                when records.status = last_states.stage_category
                    then coalesce(records.closed_at, last_states.closed_at)
                else last_states.closed_at
            end
        ) as close_date
    from creations
    left join last_states
        on creations.opportunity_id = last_states.opportunity_id and last_states.newest_first = 1
    left join last_losses
        on creations.opportunity_id = last_losses.opportunity_id and last_losses.newest_first = 1
    left join last_owners on creations.opportunity_id = last_owners.opportunity_id
    left join last_stages
        on creations.opportunity_id = last_stages.opportunity_id and last_stages.newest_first = 1
    left join records on creations.deal_id = records.deal_id
    left join accounts on records.account_id = accounts.account_id

)

select * from joined
