-- Every time a deal is lost, with the reason it has now: the one that was set last before it was
-- reopened or won. A deal lost, reopened and lost again was lost twice.

with

states as (

    select
        *,
        lead(event_number) over (
            partition by opportunity_id order by event_number
        ) as next_event_number
    from {{ ref('int_pipedrive__deal_states') }}
    where change_kind != 'closed_move'

),

losses as (

    select
        *,
        row_number() over (
            partition by opportunity_id order by event_number
        ) as loss_number
    from states
    where change_kind = 'loss'

),

reasons as (

    select
        losses.opportunity_id,
        losses.loss_number,
        events.new_value,
        row_number() over (
            partition by losses.opportunity_id, losses.loss_number
            order by events.event_number desc
        ) as newest_first
    from losses
    inner join {{ ref('int_pipedrive__deal_events') }} as events
        on
            losses.opportunity_id = events.opportunity_id
            and events.changed_field_key = 'lost_reason'
            and (
                events.event_number < losses.next_event_number
                or losses.next_event_number is null
            )

),

labels as (

    select
        option_id,
        option_label
    from {{ ref('int_pipedrive__field_options') }}
    where field_key = 'lost_reason'

),

owners as (

    select * from {{ ref('int_pipedrive__deal_owners') }}

),

joined as (

    select
        losses.opportunity_id,
        losses.deal_id,
        cast(losses.loss_number as integer) as loss_number,
        owners.owner_id,
        reasons.new_value as lost_reason_id,
        coalesce(labels.option_label, reasons.new_value) as lost_reason,
        losses.changed_at as lost_at
    from losses
    left join reasons
        on
            losses.opportunity_id = reasons.opportunity_id
            and losses.loss_number = reasons.loss_number
            and reasons.newest_first = 1
    left join labels on reasons.new_value = labels.option_id
    left join owners
        on
            losses.opportunity_id = owners.opportunity_id
            and losses.changed_at >= owners.valid_from
            and (losses.changed_at < owners.valid_to or owners.valid_to is null)

)

select * from joined
