-- The stage win rate of the whole org as of the reference date, one row a stage: what the metric
-- stage_win_rate says, for models that need it (a test holds them equal). Opportunities of a CRM
-- that says nothing of wins do not count.

with

opportunities as (

    select * from {{ ref('int_opportunities') }}
    where stage_category != 'open' and counts_in_win_rates

),

entries as (

    select * from {{ ref('int_stage_entries') }}

),

counts as (

    select
        entries.stage_id,
        count(distinct opportunities.opportunity_id) as closed_count,
        count(
            distinct case
                when opportunities.stage_category = 'won' then opportunities.opportunity_id
            end
        ) as won_count
    from opportunities
    inner join entries on opportunities.opportunity_id = entries.opportunity_id
    group by entries.stage_id

),

rates as (

    select
        stage_id,
        closed_count,
        won_count,
        cast(won_count as {{ double_type() }}) / closed_count as stage_win_rate
    from counts

)

select * from rates
