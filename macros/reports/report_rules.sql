{#- The rules by which reports turn metrics into labels and text. Numbers come from the metrics alone. -#}

{# Periods and slices #}

{#- A quarter for show, as in Q1 2025. -#}
{% macro quarter_label(column) -%}
    'Q' || cast(cast(extract(quarter from {{ column }}) as integer) as text)
    || ' ' || cast(cast(extract(year from {{ column }}) as integer) as text)
{%- endmacro %}

{#- A month for show, as in Jan 2025. -#}
{% macro month_label(column) -%}
    substring(
        'JanFebMarAprMayJunJulAugSepOctNovDec',
        cast(extract(month from {{ column }}) as integer) * 3 - 2,
        3
    ) || ' ' || cast(cast(extract(year from {{ column }}) as integer) as text)
{%- endmacro %}

{#- A slice for show; rows without a value of the dimension are a slice too. -#}
{% macro slice_label(column) -%} coalesce({{ column }}, '(none)') {%- endmacro %}

{#- Whether a fiscal quarter is still running. -#}
{% macro is_running_fiscal_quarter(column) -%}
    {{ column }} = {{ fiscal_period('quarter', source_dt()) }}
{%- endmacro %}

{# Numbers in text #}

{#- A number for show, rounded to the whole one; halves away from 0. -#}
{% macro whole_number_text(number) -%}
    cast(cast(round(cast({{ number }} as numeric(24, 4)), 0) as bigint) as text)
{%- endmacro %}

{#- A fraction for show, as in 12 %. -#}
{% macro percent_text(fraction) -%} {{ whole_number_text(fraction ~ ' * 100') }} || ' %' {%- endmacro %}

{# Velocity #}

{#- How much of a bottleneck a mean stay of so many days is. -#}
{% macro bottleneck_level(average_days) -%}
    case
        when {{ average_days }} > {{ var('bottleneck_days') }} then 'High'
        when {{ average_days }} > {{ var('bottleneck_level_edges')[0] }} then 'Medium'
        when {{ average_days }} > {{ var('bottleneck_level_edges')[1] }} then 'Low'
        when {{ average_days }} is not null then 'None'
        else 'Unknown'
    end
{%- endmacro %}

{# Forecast #}

{#- How good a forecast was: by the error's share of the actual revenue, without its sign. -#}
{% macro forecast_quality(forecast, error_share) -%}
    case
        when coalesce({{ forecast }}, 0) <= 0 then 'Unknown'
        when {{ error_share }} <= {{ var('forecast_quality_edges')[0] }} then 'Excellent'
        when {{ error_share }} <= {{ var('forecast_quality_edges')[1] }} then 'Good'
        when {{ error_share }} <= {{ var('forecast_quality_edges')[2] }} then 'Fair'
        when {{ error_share }} is not null then 'Poor'
        else 'Unknown'
    end
{%- endmacro %}

{#- How unsure a forecast is: by how far the 95 % interval reaches from it. -#}
{% macro forecast_risk(forecast, upper_95) -%}
    {%- set half_width = upper_95 ~ ' - ' ~ forecast -%}
    case
        when coalesce({{ forecast }}, 0) <= 0 then 'Unknown'
        when {{ half_width }} > {{ var('forecast_risk_edges')[0] }} * {{ forecast }} then 'High'
        when {{ half_width }} > {{ var('forecast_risk_edges')[1] }} * {{ forecast }} then 'Medium'
        when {{ upper_95 }} is not null then 'Low'
        else 'Unknown'
    end
{%- endmacro %}

{# Slippage #}

{#- How much slips: by the slippage rate. -#}
{% macro slippage_level(slippage_rate) -%}
    case
        when {{ slippage_rate }} > {{ var('slippage_level_edges')[0] }} then 'High'
        when {{ slippage_rate }} > {{ var('slippage_level_edges')[1] }} then 'Medium'
        when {{ slippage_rate }} is not null then 'Low'
        else 'Unknown'
    end
{%- endmacro %}

{#- What happened in a fiscal quarter, in one sentence; reads the columns of a slippage export. -#}
{% macro slippage_insight(is_provisional) -%}
    case
        when due_opportunity_count > 0
            then
                {{ whole_number_text('slipped_opportunity_count') }}
                || ' of ' || {{ whole_number_text('due_opportunity_count') }}
                || ' due opportunities slipped (' || {{ percent_text('slippage_rate') }} || ')'
                || case when {{ is_provisional }} then ' so far' else '' end
        else 'Nothing was due'
    end
    || case
        when pushed_count > 0
            then
                '; pushes: ' || {{ whole_number_text('pushed_count') }}
                || ', by ' || {{ whole_number_text('average_days_pushed') }} || ' days on average'
        else '; no pushes'
    end
    || '.'
{%- endmacro %}

{#- What to do about it, by its level; of a running quarter something can still be mended. -#}
{% macro slippage_recommendation(level, is_provisional) -%}
    case
        when {{ level }} in ('High', 'Medium') and {{ is_provisional }}
            then 'Confirm the close dates of all that is still due in the quarter with their owners now.'
        when {{ level }} = 'High'
            then 'Review each slipped opportunity with its owner; set close dates that the buyer confirmed.'
        when {{ level }} = 'Medium'
            then 'Ask owners why their opportunities slipped, and watch the next quarter.'
        when {{ level }} = 'Low'
            then 'No action needed' || case when {{ is_provisional }} then ' so far.' else '.' end
        else 'Nothing was due: check that open opportunities have close dates.'
    end
{%- endmacro %}
