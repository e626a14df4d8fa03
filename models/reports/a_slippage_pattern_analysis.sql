with

owners as (

    select * from {{ ref('export_slippage_by_owner_quarterly') }}

),

stages as (

    select * from {{ ref('export_slippage_by_stage_quarterly') }}

),

industries as (

    select * from {{ ref('export_slippage_by_industry_quarterly') }}

),

kinds as (

    select * from {{ ref('export_slippage_by_kind_quarterly') }}

),

reasons as (

    select * from {{ ref('export_pushes_by_reason_quarterly') }}

),

{% set dimensions = {
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
            due_amount,
            slipped_amount,
            slippage_rate_amount,
            pushed_count,
            pushed_amount,
            average_days_pushed,
            pulled_in_amount
        from {{ relation }}

        union all

    {% endfor %}
    -- Only what slipped has a kind.
    select
        metric_time__fiscal_quarter,
        'slip_kind' as dimension_type,
        due_opportunity__slip_kind as dimension,
        null as due_opportunity_count,
        slipped_opportunity_count,
        null as slippage_rate,
        null as due_amount,
        slipped_amount,
        null as slippage_rate_amount,
        null as pushed_count,
        null as pushed_amount,
        null as average_days_pushed,
        null as pulled_in_amount
    from kinds
    where due_opportunity__slip_kind is not null

    union all

    -- Without a reason there is no pattern to see, and without the var there are no reasons.
    select
        metric_time__fiscal_quarter,
        'reason' as dimension_type,
        opportunity__push_reason as dimension,
        null as due_opportunity_count,
        null as slipped_opportunity_count,
        null as slippage_rate,
        null as due_amount,
        null as slipped_amount,
        null as slippage_rate_amount,
        pushed_count,
        pushed_amount,
        average_days_pushed,
        null as pulled_in_amount
    from reasons
    where opportunity__push_reason is not null

),

final as (

    select
        cast(metric_time__fiscal_quarter as date) as fiscal_quarter,
        not {{ is_over('metric_time__fiscal_quarter', 3) }} as is_provisional,
        dimension_type,
        dimension,
        due_opportunity_count,
        slipped_opportunity_count,
        slippage_rate,
        due_amount,
        slipped_amount,
        slippage_rate_amount,
        pushed_count,
        pushed_amount,
        average_days_pushed,
        pulled_in_amount
    from slices

)

select * from final
