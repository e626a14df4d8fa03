-- Every known change of a deal's field: what the change log says, what a deal began with, and what
-- its record says and the log does not. A deal began with the old value of a field's first change;
-- with its first known one where the log keeps none; and as it is today where the field has no
-- changes: in its stage from the moment that it says, closed when it says. What differs from the
-- last change is one more, at the last update. Where there are records, a deal without one is none.

{% set carried = "'value', 'currency', 'expected_close_date', 'probability'" %}
{% set tracked = "'user_id', 'stage_id', 'status', 'lost_reason', " ~ carried %}

with

records as (

    select * from {{ ref('stg_pipedrive__deals') }}

),

-- A deal that the API's log has is taken from there alone.
logged as (

    select
        deal_id,
        changed_field_key,
        cast(null as {{ text_type() }}) as old_value,
        new_value,
        false as has_old_value,
        cast(null as bigint) as change_id,
        changed_at
    from {{ ref('stg_pipedrive__deal_changes') }}
    where
        deal_id not in (
            select deal_id from {{ ref('stg_pipedrive__flow_changes') }}
            where deal_id is not null
        )

    union all

    select
        deal_id,
        changed_field_key,
        old_value,
        new_value,
        true as has_old_value,
        change_id,
        changed_at
    from {{ ref('stg_pipedrive__flow_changes') }}

),

present as (

    select logged.* from logged
    left join records on logged.deal_id = records.deal_id
    where
        records.deal_id is not null
        or not exists (select all_records.deal_id from records as all_records)

),

-- In one form, so that the log and the record can be compared.
changes as (

    select
        deal_id,
        changed_field_key,
        {%- for value in ['old_value', 'new_value'] %}
            case
                when changed_field_key in ('value', 'probability')
                    then cast(cast({{ value }} as numeric(24, 6)) as {{ text_type() }})
                when changed_field_key = 'expected_close_date' then substring({{ value }}, 1, 10)
                when changed_field_key = 'status' then lower({{ value }})
                -- Some tools write whole numbers as 3.0.
                when changed_field_key in ('user_id', 'stage_id')
                    then regexp_replace({{ value }}, '[.]0$', '')
                else {{ value }}
            end as {{ value }},
        {%- endfor %}
        has_old_value,
        change_id,
        changed_at
    from present

),

ordered as (

    select
        *,
        row_number() over (
            partition by deal_id, changed_field_key
            order by changed_at, change_id, {{ by_bytes('new_value') }}
        ) as change_number,
        row_number() over (
            partition by deal_id, changed_field_key
            order by changed_at desc, change_id desc, {{ by_bytes('new_value') }} desc
        ) as newest_first
    from changes
    where changed_field_key in ({{ tracked }})

),

first_changes as (

    select * from ordered
    where change_number = 1

),

last_changes as (

    select * from ordered
    where newest_first = 1

),

additions as (

    select
        deal_id,
        min(case when changed_field_key = 'add_time' then changed_at end) as added_at,
        count(case when changed_field_key = 'add_time' then 1 end) as additions
    from changes
    group by deal_id

),

-- One row a record and field, with when it became so as far as the record says it.
fields as (
    {% for key, value, since in [
        ('user_id', 'crm_user_id', 'updated_at'),
        ('stage_id', 'crm_stage_id', 'coalesce(stage_changed_at, updated_at)'),
        ('status', 'status', 'coalesce(closed_at, updated_at)'),
        ('value', 'cast(amount as ' ~ text_type() ~ ')', 'updated_at'),
        ('currency', 'currency', 'updated_at'),
        ('expected_close_date', 'cast(expected_close_date as ' ~ text_type() ~ ')', 'updated_at'),
        ('probability', 'cast(cast(probability as numeric(24, 6)) as ' ~ text_type() ~ ')', 'updated_at'),
        ('lost_reason', "case when status = 'lost' then lost_reason end", 'coalesce(closed_at, updated_at)')
    ] %}
        select
            deal_id,
            '{{ key }}' as changed_field_key,
            {{ value }} as new_value,
            added_at,
            stage_changed_at,
            {{ since }} as known_since
        from records
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A field that no record has is one that was not landed, and is not empty.
known_fields as (

    select
        *,
        count(new_value) over (partition by changed_field_key) > 0 as is_landed
    from fields

),

creations as (

    select
        records.deal_id,
        'add_time' as changed_field_key,
        cast(records.added_at as {{ text_type() }}) as new_value,
        records.added_at as changed_at
    from records
    left join additions on records.deal_id = additions.deal_id
    where coalesce(additions.additions, 0) = 0

),

-- What records began with.
recorded_beginnings as (

    select
        known_fields.deal_id,
        known_fields.changed_field_key,
        case
            when known_fields.changed_field_key = 'status' then 'open'
            when first_changes.deal_id is null then known_fields.new_value
            when first_changes.has_old_value then first_changes.old_value
            when known_fields.changed_field_key in ({{ carried }})
                then first_changes.new_value
        end as new_value,
        known_fields.added_at as changed_at
    from known_fields
    left join first_changes
        on
            known_fields.deal_id = first_changes.deal_id
            and known_fields.changed_field_key = first_changes.changed_field_key
    where
        known_fields.changed_field_key != 'lost_reason'
        and (first_changes.deal_id is null or first_changes.changed_at > known_fields.added_at)
        and (known_fields.changed_field_key != 'status' or known_fields.new_value is not null)
        -- The stage before that is not known.
        and not (
            known_fields.changed_field_key = 'stage_id'
            and first_changes.deal_id is null
            and coalesce(known_fields.stage_changed_at > known_fields.added_at, false)
        )

),

-- What deals without a record began with; of an id that is used twice, nobody knows which.
logged_beginnings as (

    select
        first_changes.deal_id,
        first_changes.changed_field_key,
        case
            when first_changes.has_old_value then first_changes.old_value
            when first_changes.changed_field_key in ({{ carried }})
                then first_changes.new_value
        end as new_value,
        additions.added_at as changed_at
    from first_changes
    inner join additions on first_changes.deal_id = additions.deal_id
    where
        additions.additions = 1
        and first_changes.changed_at > additions.added_at
        and not exists (select 1 from records)
        and first_changes.changed_field_key != 'lost_reason'

),

beginnings as (

    select * from recorded_beginnings

    union all

    select * from logged_beginnings

),

-- What a record says and the log does not.
missed_changes as (

    select
        known_fields.deal_id,
        known_fields.changed_field_key,
        known_fields.new_value,
        greatest(
            coalesce(known_fields.known_since, last_changes.changed_at, known_fields.added_at),
            coalesce(last_changes.changed_at, known_fields.added_at),
            known_fields.added_at
        ) as changed_at
    from known_fields
    left join last_changes
        on
            known_fields.deal_id = last_changes.deal_id
            and known_fields.changed_field_key = last_changes.changed_field_key
    where
        known_fields.is_landed
        and case
            when last_changes.deal_id is not null
                then
                    known_fields.new_value is distinct from last_changes.new_value
                    and (
                        known_fields.new_value is not null
                        or known_fields.changed_field_key in ({{ carried }})
                    )
            -- A status that a record began with is open; what it is now came later.
            when known_fields.changed_field_key = 'status' then known_fields.new_value != 'open'
            when known_fields.changed_field_key = 'stage_id'
                then coalesce(known_fields.stage_changed_at > known_fields.added_at, false)
            when known_fields.changed_field_key = 'lost_reason'
                then known_fields.new_value is not null
            else false
        end

),

all_changes as (

    select
        deal_id,
        changed_field_key,
        new_value,
        0 as change_order,
        cast(null as bigint) as change_id,
        changed_at
    from creations

    union all

    select
        deal_id,
        changed_field_key,
        new_value,
        0 as change_order,
        cast(null as bigint) as change_id,
        changed_at
    from beginnings
    where new_value is not null

    union all

    select
        deal_id,
        changed_field_key,
        new_value,
        1 as change_order,
        change_id,
        changed_at
    from changes

    union all

    select
        deal_id,
        changed_field_key,
        new_value,
        2 as change_order,
        cast(null as bigint) as change_id,
        changed_at
    from missed_changes

)

select * from all_changes
