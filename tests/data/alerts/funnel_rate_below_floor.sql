-- A rate from step to step of the funnel in the last full month is below its floor, such as half of
-- the proposals reaching negotiation.

with

rates as (

    select * from {{ ref('export_sales_funnel_rates_monthly') }}

),

chosen as (

    {%- for chosen in rate_floors() %}

        select
            cast(metric_time__month as date) as period,
            '{{ chosen.metric }}' as metric,
            {{ chosen.metric }} as value,
            cast({{ chosen.floor }} as {{ double_type() }}) as threshold
        from rates
        {%- if not loop.last %}

            union all
        {%- endif %}
    {%- else %}

        select
            cast(metric_time__month as date) as period,
            '' as metric,
            cast(null as {{ double_type() }}) as value,
            cast(null as {{ double_type() }}) as threshold
        from rates
        where false
    {%- endfor %}

),

final as (

    select
        'funnel_rate_below_floor' as alert,
        metric as subject,
        period,
        value,
        threshold,
        metric || ': ' || {{ unsigned_percent_text('value') }}
        || ' in ' || {{ month_text('period') }}
        || ', the floor is ' || {{ unsigned_percent_text('threshold') }} as message
    from chosen
    where period = {{ last_full_month() }} and value < threshold

)

select * from final
