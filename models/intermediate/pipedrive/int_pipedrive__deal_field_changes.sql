-- The changes of custom fields of deals, each in the lifecycle that was opened last before it, with
-- the label of an option in the place of its id.

{{ config(enabled=custom_fields('opportunity') | length > 0) }}

{% set fields = custom_fields('opportunity', 'pipedrive') %}

with

changes as (

    select
        deal_id,
        changed_field_key,
        new_value,
        changed_at,
        row_number() over (
            order by
                deal_id, changed_at, changed_field_key, change_id, {{ by_bytes('new_value') }}
        ) as change_id
    from {{ ref('int_pipedrive__deal_changes') }}
    where
        changed_at < {{ source_dt_end() }}
        {% if fields -%}
            and changed_field_key in (
                {%- for field in fields %}
                {{ text_literal(field.columns.pipedrive) }}{{ ',' if not loop.last }}
                {%- endfor %}
            )
        {%- else -%}
            and false
        {%- endif %}

),

lifecycles as (

    select
        opportunity_id,
        deal_id,
        created_at
    from {{ ref('int_pipedrive__lifecycles') }}

),

placed as (

    select
        changes.*,
        lifecycles.opportunity_id,
        row_number() over (
            partition by changes.change_id
            order by
                case when lifecycles.created_at <= changes.changed_at then 0 else 1 end,
                case
                    when lifecycles.created_at <= changes.changed_at then lifecycles.created_at
                end desc nulls last,
                lifecycles.created_at
        ) as nearest_first
    from changes
    inner join lifecycles on changes.deal_id = lifecycles.deal_id

),

final as (

    select
        placed.opportunity_id,
        case
            {%- for field in fields %}
            when placed.changed_field_key = {{ text_literal(field.columns.pipedrive) }}
                then {{ text_literal(field.name) }}
            {%- endfor %}
            -- There may be no field of Pipedrive's.
            when placed.changed_field_key is null then cast(null as text)
        end as field_name,
        coalesce(options.option_label, placed.new_value) as new_value,
        placed.changed_at,
        placed.change_id
    from placed
    left join {{ ref('int_pipedrive__field_options') }} as options
        on
            placed.changed_field_key = options.field_key
            and placed.new_value = options.option_id
    where placed.nearest_first = 1

)

select * from final
