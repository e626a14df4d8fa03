{# Labels, bands and sentences of the reports. They go by metrics; no number is made here. #}

{# Shown numbers #}

{#- A fraction as people read it: 0.387 as '38.7 %'. -#}
{% macro shown_percent(rate) -%}
    cast(round(cast({{ rate }} as decimal(28, 10)) * 100, 1) as text) || ' %'
{%- endmacro %}

{#- An amount or a count without decimals. -#}
{% macro shown_number(number) -%}
    cast(round(cast({{ number }} as decimal(28, 10))) as text)
{%- endmacro %}

{#- A quarter as in Q1 2025, by its first day. -#}
{% macro quarter_label(first_day) -%}
    'Q' || cast(extract(quarter from {{ first_day }}) as text)
    || ' ' || cast(extract(year from {{ first_day }}) as text)
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
        -- Without a created opportunity there is no score of the volume.
        when pipeline_volume_score is null then 'volume'
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
                case when deal_size_score is null then 'no opportunity has an amount' end
            ) || '.'
        else
            {{ health_status('pipeline_health_score') }} || ', '
            || {{ shown_number('pipeline_health_score') }} || ' of 100 points. '
            || case {{ weakest_part() }}
                when 'none' then 'All four parts have full points.'
                when 'overdue'
                    then 'Weakest part: ' || {{ shown_percent('overdue_rate_snapshot') }}
                    || ' of the open amount is overdue (' || {{ shown_number('overdue_score') }}
                    || ' of 25 points).'
                when 'win rate'
                    then 'Weakest part: a win rate of ' || {{ shown_percent('win_rate') }} || ' ('
                    || {{ shown_number('win_rate_score') }} || ' of 25 points).'
                when 'deal size'
                    then 'Weakest part: an average deal size of '
                    || {{ shown_number('average_deal_size') }} || ' ('
                    || {{ shown_number('deal_size_score') }} || ' of 25 points).'
                when 'volume'
                    then 'Weakest part: ' || case
                        when opportunity_count > 0
                            then {{ shown_number('opportunity_count') }}
                            || ' opportunities created ('
                            || {{ shown_number('pipeline_volume_score') }} || ' of 25 points)'
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
            else 'Enter amounts: no opportunity of the quarter has one.'
        end
    end
{%- endmacro %}
