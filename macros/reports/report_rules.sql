{#- The rules by which reports turn metrics into labels and text. Numbers come from the metrics alone. -#}

{# Periods and slices #}

{#- A quarter for show, as in Q1 2025. -#}
{% macro quarter_label(column) -%}
    'Q' || cast(cast(extract(quarter from {{ column }}) as integer) as {{ text_type() }})
    || ' ' || cast(cast(extract(year from {{ column }}) as integer) as {{ text_type() }})
{%- endmacro %}

{#- A month for show, as in Jan 2025. -#}
{% macro month_label(column) -%}
    split_part(
        'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
        ' ',
        cast(extract(month from {{ column }}) as integer)
    ) || ' ' || cast(cast(extract(year from {{ column }}) as integer) as {{ text_type() }})
{%- endmacro %}

{#- A slice for show; rows without a value of the dimension are a slice too. -#}
{% macro slice_label(column) -%} coalesce({{ column }}, '(none)') {%- endmacro %}

{# Numbers in text #}

{#- A number for show, rounded to the whole one; halves away from 0. -#}
{% macro whole_number_text(number) -%}
    cast(cast(round(cast({{ number }} as numeric(24, 4)), 0) as bigint) as {{ text_type() }})
{%- endmacro %}

{#- A fraction for show, as in 12 %. -#}
{% macro percent_text(fraction) -%} {{ whole_number_text(fraction ~ ' * 100') }} || ' %' {%- endmacro %}

{#- A fraction as people read it: 0.387 as '38.7 %'. -#}
{% macro shown_percent(rate) -%}
    cast(round(cast({{ rate }} as decimal(28, 10)) * 100, 1) as {{ text_type() }}) || ' %'
{%- endmacro %}

{# Health #}

{% macro health_status(score) -%}
    case
        when {{ score }} is null then 'Unknown'
        when {{ score }} >= {{ var('health_status_edges')[0] }} then 'Excellent'
        when {{ score }} >= {{ var('health_status_edges')[1] }} then 'Good'
        else 'Fair'
    end
{%- endmacro %}

{% macro risk_level(overdue_rate) -%}
    case
        when {{ overdue_rate }} is null then 'Unknown'
        when {{ overdue_rate }} > {{ var('health_risk_edges')[0] }} then 'High'
        when {{ overdue_rate }} > {{ var('health_risk_edges')[1] }} then 'Medium'
        else 'Low'
    end
{%- endmacro %}

{#- Which of the four scores is the lowest, out of the columns of a health export; the first of
    equals in this order. 'none' where all have full points, NULL where the score is undefined. -#}
{% macro weakest_part() -%}
    case
        when pipeline_health_score is null then null
        when pipeline_health_score >= 100 then 'none'
        when overdue_score = least(
            overdue_score, win_rate_score, deal_size_score, pipeline_volume_score
        ) then 'overdue'
        when win_rate_score = least(
            win_rate_score, deal_size_score, pipeline_volume_score
        ) then 'win rate'
        when deal_size_score = least(deal_size_score, pipeline_volume_score) then 'deal size'
        else 'volume'
    end
{%- endmacro %}

{#- A health export's row in two or three sentences: the status, the weakest part, the growth.
    `is_running` is whether the quarter is not over; then growth is that of the quarter so far. -#}
{% macro key_insight(is_running) -%}
    case
        when pipeline_health_score is null
            then 'No health score: ' || concat_ws(
                ', ',
                case when overdue_score is null then 'nothing was open at the end' end,
                case when win_rate_score is null then 'nothing closed' end,
                case when deal_size_score is null
                        then 'nothing due or closed in the quarter has an amount' end
            ) || '.'
        else
            {{ health_status('pipeline_health_score') }} || ', '
            || {{ whole_number_text('pipeline_health_score') }} || ' of 100 points. '
            || case {{ weakest_part() }}
                when 'none' then 'All four parts have full points.'
                when 'overdue'
                    then 'Weakest part: ' || {{ shown_percent('overdue_rate_snapshot') }}
                    || ' of the open amount is overdue (' || {{ whole_number_text('overdue_score') }}
                    || ' of 25 points).'
                when 'win rate'
                    then 'Weakest part: a win rate of ' || {{ shown_percent('win_rate') }} || ' ('
                    || {{ whole_number_text('win_rate_score') }} || ' of 25 points).'
                when 'deal size'
                    then 'Weakest part: an average deal size of '
                    || {{ whole_number_text('average_deal_size') }} || ' ('
                    || {{ whole_number_text('deal_size_score') }} || ' of 25 points).'
                when 'volume'
                    then 'Weakest part: ' || case
                        when opportunity_count > 0
                            then {{ whole_number_text('opportunity_count') }}
                            || ' opportunities created ('
                            || {{ whole_number_text('pipeline_volume_score') }} || ' of 25 points)'
                        else 'no opportunity created'
                    end || '.'
            end
    end
    || ' ' || case
        when won_revenue_qoq_growth is null
            then 'Nothing was won in the quarter before to compare with.'
        else
            'Won revenue ' || case when {{ is_running }} then 'so far ' else '' end || 'is '
            || case
                when won_revenue_qoq_growth = 0 then 'that of'
                when won_revenue_qoq_growth > 0
                    then {{ shown_percent('won_revenue_qoq_growth') }} || ' above'
                else {{ shown_percent('abs(won_revenue_qoq_growth)') }} || ' below'
            end || ' the quarter before.'
    end
{%- endmacro %}

{#- What to do first, by the weakest part of a health export's row, or by what it lacks. -#}
{% macro recommendation() -%}
    case {{ weakest_part() }}
        when 'none' then 'Keep going: no part of the pipeline health is below its full points.'
        when 'overdue'
            then case {{ risk_level('overdue_rate_snapshot') }}
                when 'High' then 'Act on overdue opportunities now'
                else 'Go through the overdue opportunities'
            end || ', owner by owner: close them or agree on a new close date.'
        when 'win rate'
            then 'Find out where deals are lost: compare win rates by owner and industry, and '
            || 'qualify earlier.'
        when 'deal size'
            then 'Aim for larger deals: look at discounts, and at accounts of larger segments.'
        when 'volume'
            then 'Create more opportunities: too few were added in the quarter.'
        else case
            when overdue_score is null then 'Build a pipeline: nothing with an amount is open.'
            when win_rate_score is null
                then 'Close what is due, won or lost: nothing closed in the quarter.'
            else 'Enter amounts: nothing due or closed in the quarter has one.'
        end
    end
{%- endmacro %}

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
