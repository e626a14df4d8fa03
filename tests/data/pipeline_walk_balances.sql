-- What moved the open pipeline on a day is the difference of its end and its start; and each day
-- starts with what the day before ended with. It is so of any set of deals: an incremental run
-- looks at the deals that it rewrote, on all of their days, and at all others on the days that it
-- rewrote.

{% set snapshots = rewritten_since('model.sales_pipeline.fct_opportunity_snapshots') %}
{% set movements = rewritten_since('model.sales_pipeline.fct_pipeline_movements') %}
{% if snapshots and movements %}
    {% set is_rewritten_deal %}
        (raw_changed_at > least({{ snapshots.changed_at }}, {{ movements.changed_at }}))
    {% endset %}
    {% set first_day %}
        date_trunc('day', least({{ snapshots.first_day }}, {{ movements.first_day }}))
    {% endset %}
{% endif %}

with

days as (

    select
        snapshot_date,
        {{ is_rewritten_deal or 'true' }} as is_rewritten_deal,
        sum(start_amount) as start_amount,
        sum(end_amount) as end_amount
    from {{ ref('fct_opportunity_snapshots') }}
    {% if is_rewritten_deal %}
        where {{ is_rewritten_deal }} or snapshot_date >= {{ first_day }} - interval '1 day'
    {% endif %}
    group by 1, 2

),

movements as (

    select
        date_trunc('day', occurred_at) as movement_date,
        {{ is_rewritten_deal or 'true' }} as is_rewritten_deal,
        sum(
            case when movement_type in ('decreased', 'won', 'lost') then -amount else amount end
        ) as moved_amount
    from {{ ref('fct_pipeline_movements') }}
    {% if is_rewritten_deal %}
        where {{ is_rewritten_deal }} or occurred_at >= {{ first_day }} - interval '1 day'
    {% endif %}
    group by 1, 2

),

compared as (

    select
        days.snapshot_date,
        days.is_rewritten_deal,
        days.start_amount,
        days.end_amount,
        coalesce(movements.moved_amount, 0) as moved_amount,
        coalesce(yesterdays.end_amount, 0) as yesterdays_end_amount
    from days
    full join movements
        on
            days.snapshot_date = movements.movement_date
            and days.is_rewritten_deal = movements.is_rewritten_deal
    left join days as yesterdays
        on
            days.snapshot_date = yesterdays.snapshot_date + interval '1 day'
            and days.is_rewritten_deal = yesterdays.is_rewritten_deal

)

select * from compared
where
    snapshot_date is null
    or start_amount + moved_amount != end_amount
    or (
        start_amount != yesterdays_end_amount
        {% if is_rewritten_deal %}
            -- The day before the first is there for its end alone.
            and (is_rewritten_deal or snapshot_date >= {{ first_day }})
        {% endif %}
    )
