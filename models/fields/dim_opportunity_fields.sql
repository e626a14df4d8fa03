-- The custom fields of every opportunity, as they are on the reference date; amounts in the
-- corporate currency.

{{ config(
    enabled=custom_fields('opportunity') | length > 0,
    indexes=postgres_indexes(['opportunity_id']),
    meta={'custom_fields': {
        'entity': 'opportunity',
        'key': 'opportunity_id',
        'time': 'close_date',
        'fields': custom_fields('opportunity'),
        'description': 'Custom fields of every opportunity, as they are on the reference date.',
        'metrics': {
            'owner': 'revenue_operations', 'tier': 'supported', 'version': '1.0.0', 'unit': 'currency',
            'direction': 'higher', 'source': 'custom_fields',
            'grains': ['day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year']
        }
    }}
) }}

{% set fields = custom_fields('opportunity') %}
{{ require_described_fields(model.columns, fields) }}

with

opportunities as (

    select * from {{ ref('int_opportunities') }}

),

salesforce as (

    select * from {{ ref('stg_salesforce__opportunity_fields') }}

),

rates as (

    select
        opportunity_id,
        rate_to_corporate
    from {{ ref('int_salesforce__opportunities') }}

),

newest as (

    select
        *,
        row_number() over (
            partition by opportunity_id, field_name order by changed_at desc, change_id desc
        ) as newest_first
    from {{ ref('int_pipedrive__deal_field_changes') }}

),

pipedrive as (

    select
        opportunity_id
        {%- for field in fields %},
        max(case when field_name = {{ text_literal(field.name) }} then new_value end)
            as {{ adapter.quote(field.name) }}
        {%- endfor %}
    from newest
    where newest_first = 1
    group by opportunity_id

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.close_date
        {%- for field in fields %}
        {%- set name = adapter.quote(field.name) %}
        {%- set rate = ' * coalesce(rates.rate_to_corporate, 1)' if field.type == 'amount' else '' %},
        cast(
            coalesce(salesforce.{{ name }}{{ rate }}, {{ field_value('pipedrive.' ~ name, field) }})
            as {{ field.data_type }}
        ) as {{ name }}
        {%- endfor %}
    from opportunities
    left join salesforce on opportunities.opportunity_id = salesforce.opportunity_id
    left join rates on opportunities.opportunity_id = rates.opportunity_id
    left join pipedrive on opportunities.opportunity_id = pipedrive.opportunity_id

)

select * from final
