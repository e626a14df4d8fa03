with

quarters as (

    select * from {{ ref('export_slippage_quarterly') }}

),

owners as (

    select * from {{ ref('export_slippage_by_owner_quarterly') }}

),

stages as (

    select * from {{ ref('export_slippage_by_stage_quarterly') }}

),

industries as (

    select * from {{ ref('export_slippage_by_industry_quarterly') }}

),

{% set dimensions = {
    'all': ('quarters', "'all'"),
    'owner': ('owners', 'owner__owner_label'),
    'stage': ('stages', 'stage__stage_name'),
    'industry': ('industries', 'account__industry')
} %}

slices as (

    {% for dimension_type, (relation, column) in dimensions.items() %}
        select
            metric_time__fiscal_quarter,
            '{{ dimension_type }}' as dimension_type,
            {{ slice_label(column) }} as dimension,
            due_opportunity_count,
            slipped_opportunity_count,
            slippage_rate,
            slipped_amount,
            slippage_rate_amount,
            pushed_count,
            average_days_pushed
        from {{ relation }}
        {% if not loop.last %}

            union all

        {% endif %}
    {% endfor %}

),

labels as (

    select
        *,
        not {{ is_over('metric_time__fiscal_quarter', 3) }} as is_provisional,
        {{ slippage_level('slippage_rate') }} as slippage_level
    from slices

),

final as (

    select
        cast(metric_time__fiscal_quarter as date) as fiscal_quarter,
        is_provisional,
        dimension_type,
        dimension,
        due_opportunity_count,
        slipped_opportunity_count,
        slippage_rate,
        slipped_amount,
        slippage_rate_amount,
        pushed_count,
        average_days_pushed,
        slippage_level,
        {{ slippage_insight('is_provisional') }} as key_insight,
        {{ slippage_recommendation('slippage_level', 'is_provisional') }} as recommendation
    from labels

)

select * from final
