{#- Every stage entry that Pipedrive's raw rows hold up to the reference date, one row each: stage_id.
    Of ids with one lifecycle and without a status it is worked out from the raw rows again: the stage
    that the deal is in already is entered anew after a loss only. Of the others it is taken as the
    replay has it. -#}
{% macro recorded_stage_entries() -%}
    with

    changes as (

        select
            deal_id,
            changed_field_key,
            new_value,
            lag(changed_field_key) over history as key_before,
            lag(new_value) over history as value_before
        from {{ ref('int_pipedrive__deal_changes') }}
        where
            changed_field_key in ('stage_id', 'lost_reason')
            and new_value is not null
            and changed_at < {{ source_dt_end() }}
        window history as (
            partition by deal_id
            order by
                changed_at,
                case changed_field_key when 'stage_id' then 1 else 2 end,
                change_order,
                change_id,
                {{ by_bytes('new_value') }}
        )

    ),

    replayed_deals as (

        select deal_id from {{ ref('int_pipedrive__deal_changes') }}
        where changed_field_key in ('add_time', 'status') and changed_at < {{ source_dt_end() }}
        group by deal_id
        having
            count(case when changed_field_key = 'add_time' then 1 end) > 1
            or count(case when changed_field_key = 'status' then 1 end) > 0

    )

    select 'pipedrive:' || new_value as stage_id
    from changes
    where
        changed_field_key = 'stage_id'
        and (key_before is distinct from 'stage_id' or value_before != new_value)
        and deal_id not in (select deal_id from replayed_deals)
        and deal_id in (select deal_id from {{ ref('int_pipedrive__deal_events') }})

    union all

    select 'pipedrive:' || new_value as stage_id
    from {{ ref('int_pipedrive__deal_states') }}
    where
        change_kind = 'stage_entry'
        and deal_id in (select deal_id from replayed_deals)
{%- endmacro %}
