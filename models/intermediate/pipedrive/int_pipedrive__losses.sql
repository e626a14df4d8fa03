-- Every time a deal is lost, with the reason it has now: a re-labelled loss keeps its time and
-- takes the newer reason. A deal lost, reopened and lost again was lost twice.

with

states as (

    select
        *,
        sum(
            case when change_kind = 'loss' and not is_relabelling then 1 else 0 end
        ) over (
            partition by opportunity_id
            order by event_number
            rows between unbounded preceding and current row
        ) as loss_number
    from {{ ref('int_pipedrive__deal_states') }}

),

losses as (

    select * from states
    where change_kind = 'loss' and not is_relabelling

),

reasons as (

    select
        opportunity_id,
        loss_number,
        new_value,
        row_number() over (
            partition by opportunity_id, loss_number order by event_number desc
        ) as newest_first
    from states
    where change_kind = 'loss'

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
    inner join reasons
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
