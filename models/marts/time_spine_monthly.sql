-- One row a month up to the reference date's own, for MetricFlow. It takes the coarsest time spine
-- that fits a question, so metrics to date, over trailing months and against an earlier period end
-- with the running month. Metrics that are joined to no spine keep their later months.

with

months as (

    select cast(generate_series as timestamp) as date_month
    from
        {{ generated_series(
            "date_trunc('month', cast('" ~ var("time_spine_start") ~ "' as timestamp))",
            "cast(" ~ source_dt() ~ " as timestamp)",
            '1 month'
        ) }}

),

final as (

    select date_month from months

)

select * from final
