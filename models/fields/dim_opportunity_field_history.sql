-- The custom fields of every opportunity as they were at the end of each day,
-- valid_from <= day < valid_to. What a CRM does not track has been as it is today all the while.

{{ config(
    enabled=custom_fields('opportunity') | rejectattr('type', 'equalto', 'amount') | list | length > 0,
    indexes=postgres_indexes(['opportunity_id']),
    meta={'custom_fields': {
        'entity': 'opportunity',
        'key': 'opportunity_id',
        'valid_from': 'valid_from',
        'valid_to': 'valid_to',
        'suffix': '_at_the_time',
        'fields': custom_fields('opportunity') | rejectattr('type', 'equalto', 'amount') | list,
        'description':
            'Custom fields of every opportunity as they were at the end of each day; those that the CRM does '
            ~ 'not track have been as they are today.'
    }}
) }}

{% set fields = custom_fields('opportunity') | rejectattr('type', 'equalto', 'amount') | list %}
{{ require_described_fields(model.columns, fields, '_at_the_time') }}
{% set tracked = [] %}
{% for field in fields if 'salesforce' in field.columns %}{% do tracked.append(field) %}{% endfor %}

with

opportunities as (

    select
        opportunity_id,
        created_at
    from {{ ref('int_opportunities') }}

),

today as (

    select * from {{ ref('dim_opportunity_fields') }}

),

salesforce_changes as (

    select
        field_history.opportunity_id,
        case
            {%- for field in tracked %}
            when lower(field_history.changed_field) = {{ text_literal(field.columns.salesforce | lower) }}
                then {{ text_literal(field.name) }}
            {%- endfor %}
            -- There may be no field of Salesforce's.
            when field_history.changed_field is null then cast(null as text)
        end as field_name,
        field_history.old_value,
        field_history.new_value,
        field_history.changed_at,
        row_number() over (
            order by field_history.changed_at, {{ by_bytes('field_history.field_history_id') }}
        ) as change_id
    from {{ ref('stg_salesforce__opportunity_field_history') }} as field_history
    where
        not field_history.is_deleted
        and field_history.changed_at < {{ source_dt_end() }}
        {% if tracked -%}
            and lower(field_history.changed_field) in (
                {%- for field in tracked %}
                {{ text_literal(field.columns.salesforce | lower) }}{{ ',' if not loop.last }}
                {%- endfor %}
            )
        {%- else -%}
            and false
        {%- endif %}

),

newest_changes as (

    select
        *,
        row_number() over (
            partition by opportunity_id, field_name order by change_id desc
        ) as newest_first
    from salesforce_changes

),

-- Today's value that no tracked change brought: one more change, at the last modification.
missed_changes as (
    {% for field in tracked %}
    select
        newest_changes.opportunity_id,
        newest_changes.field_name,
        newest_changes.new_value as old_value,
        cast(today.{{ adapter.quote(field.name) }} as text) as new_value,
        greatest(records.modified_at, newest_changes.changed_at) as changed_at,
        newest_changes.change_id + 1 as change_id
    from newest_changes
    inner join today on newest_changes.opportunity_id = today.opportunity_id
    inner join {{ ref('int_salesforce__opportunities') }} as records
        on newest_changes.opportunity_id = records.opportunity_id
    where
        newest_changes.newest_first = 1
        and newest_changes.field_name = {{ text_literal(field.name) }}
        and today.{{ adapter.quote(field.name) }}
        is distinct from {{ field_value('newest_changes.new_value', field) }}
    {{ 'union all' if not loop.last }}
    {% else %}
    select * from salesforce_changes
    where false
    {% endfor %}
),

all_changes as (

    select
        opportunity_id,
        field_name,
        old_value,
        new_value,
        changed_at,
        change_id
    from salesforce_changes

    union all

    select * from missed_changes

    union all

    select
        opportunity_id,
        field_name,
        cast(null as text) as old_value,
        new_value,
        changed_at,
        change_id
    from {{ ref('int_pipedrive__deal_field_changes') }}

),

changes as (

    select
        all_changes.opportunity_id,
        all_changes.field_name,
        all_changes.old_value,
        all_changes.new_value,
        -- What was recorded before the creation is the state at the creation.
        date_trunc('day', greatest(all_changes.changed_at, opportunities.created_at)) as changed_on,
        row_number() over (
            partition by all_changes.opportunity_id, all_changes.field_name
            order by all_changes.changed_at, all_changes.change_id
        ) as change_number,
        row_number() over (
            partition by
                all_changes.opportunity_id,
                all_changes.field_name,
                date_trunc('day', greatest(all_changes.changed_at, opportunities.created_at))
            order by all_changes.changed_at desc, all_changes.change_id desc
        ) as newest_of_day
    from all_changes
    inner join opportunities on all_changes.opportunity_id = opportunities.opportunity_id

),

beginnings as (

    select
        opportunity_id
        {%- for field in fields %},
        max(case when field_name = {{ text_literal(field.name) }} then 1 else 0 end) as {{ 'is_' ~ loop.index }},
        max(case when field_name = {{ text_literal(field.name) }} then old_value end) as {{ 'old_' ~ loop.index }}
        {%- endfor %}
    from changes
    where change_number = 1
    group by opportunity_id

),

-- A row a day on which something changed, and the day of the creation.
days as (

    select
        opportunity_id,
        changed_on
        {%- for field in fields %},
        max(case when field_name = {{ text_literal(field.name) }} then 1 else 0 end) as {{ 'is_' ~ loop.index }},
        max(case when field_name = {{ text_literal(field.name) }} then new_value end) as {{ 'new_' ~ loop.index }}
        {%- endfor %}
    from (
        select * from changes
        where newest_of_day = 1

        union all

        select
            beginnings.opportunity_id,
            '' as field_name,
            cast(null as text) as old_value,
            cast(null as text) as new_value,
            date_trunc('day', opportunities.created_at) as changed_on,
            0 as change_number,
            1 as newest_of_day
        from beginnings
        inner join opportunities on beginnings.opportunity_id = opportunities.opportunity_id
    ) as all_days
    group by opportunity_id, changed_on

),

-- How often each field has changed by then: days of one number share the value of the change.
counted as (

    select
        *
        {%- for field in fields %},
        sum({{ 'is_' ~ loop.index }}) over (
            partition by opportunity_id order by changed_on rows unbounded preceding
        ) as {{ 'count_' ~ loop.index }}
        {%- endfor %}
    from days

),

carried as (

    select
        opportunity_id,
        changed_on,
        lead(changed_on) over (partition by opportunity_id order by changed_on) as valid_to
        {%- for field in fields %},
        {{ 'count_' ~ loop.index }},
        max({{ 'new_' ~ loop.index }}) over (
            partition by opportunity_id, {{ 'count_' ~ loop.index }}
        ) as {{ 'carried_' ~ loop.index }}
        {%- endfor %}
    from counted

),

final as (

    select
        today.opportunity_id,
        coalesce(carried.changed_on, date_trunc('day', opportunities.created_at)) as valid_from,
        carried.valid_to
        {%- for field in fields %}
        {%- set name, number = adapter.quote(field.name), loop.index | string %},
        case
            when coalesce(beginnings.is_{{ number }}, 0) = 0 then today.{{ name }}
            when carried.count_{{ number }} = 0 then {{ field_value('beginnings.old_' ~ number, field) }}
            else {{ field_value('carried.carried_' ~ number, field) }}
        end as {{ adapter.quote(field.name ~ '_at_the_time') }}
        {%- endfor %}
    from today
    inner join opportunities on today.opportunity_id = opportunities.opportunity_id
    left join carried on today.opportunity_id = carried.opportunity_id
    left join beginnings on today.opportunity_id = beginnings.opportunity_id

)

select * from final
