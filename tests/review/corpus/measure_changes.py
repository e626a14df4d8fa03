"""Changes of measures."""

from review.corpus.change import Change, metrics, these
from review.corpus.edits import replace
from review.corpus.groups import BUYERS, EXPORTED, REVENUE, SEMANTIC

MEASURES = (
    Change(
        "a measure's aggregation",
        (replace(SEMANTIC, "{name: amount_max, agg: max,", "{name: amount_max, agg: min,"),),
        major=metrics("largest_order"),
    ),
    Change(
        "a measure's expression",
        (
            replace(
                SEMANTIC,
                "{name: amount_sum, agg: sum, expr: amount}",
                "{name: amount_sum, agg: sum, expr: amount * quantity}",
            ),
        ),
        major=REVENUE,
        impacts=EXPORTED | these("saved query revenue_by_region", "policy south"),
    ),
    Change(
        "a measure counts rows, not what is distinct",
        (replace(SEMANTIC, "{name: buyers, agg: count_distinct,", "{name: buyers, agg: count,"),),
        major=BUYERS,
    ),
    Change(
        "a measure's time",
        (
            replace(
                SEMANTIC,
                "{name: customer_count, agg: count, expr: customer_id}",
                "{name: customer_count, agg: count, expr: customer_id, "
                "agg_time_dimension: first_ordered_at}",
            ),
        ),
        major=metrics("customers_signed_up"),
    ),
    Change(
        "the default time of measures",
        (
            replace(
                SEMANTIC,
                "defaults: {agg_time_dimension: signed_up_on}",
                "defaults: {agg_time_dimension: first_ordered_at}",
            ),
        ),
        major=metrics("customers_signed_up"),
    ),
    Change(
        "another percentile",
        (replace(SEMANTIC, "percentile: 0.9,", "percentile: 0.8,"),),
        major=metrics("p90_order"),
    ),
    Change(
        "a percentile between values",
        (replace(SEMANTIC, "use_discrete_percentile: true", "use_discrete_percentile: false"),),
        major=metrics("p90_order"),
    ),
    Change(
        "the last day in place of the first",
        (
            replace(
                SEMANTIC,
                "{name: stock_day, window_choice: min}",
                "{name: stock_day, window_choice: max}",
            ),
        ),
        major=metrics("stock_at_start stock_change"),
    ),
    Change(
        "the last day of all, not of each shelf",
        (replace(SEMANTIC, ", window_groupings: [shelf]", ""),),
        major=metrics("stock_on_shelves"),
    ),
    Change(
        "a sum over all days",
        (
            replace(
                SEMANTIC,
                "        non_additive_dimension: {name: stock_day, window_choice: min}\n",
                "",
            ),
        ),
        major=metrics("stock_at_start stock_change"),
    ),
    Change(
        "a measure that no metric uses",
        (
            replace(
                SEMANTIC,
                "      - {name: visit_count,",
                "      - {name: last_visit, agg: max, expr: visit_id}\n      - {name: visit_count,",
            ),
        ),
    ),
    Change(
        "a measure makes a metric of its own",
        (
            replace(
                SEMANTIC,
                "{name: visitors, agg: count_distinct, expr: customer_id}",
                "{name: visitors, agg: count_distinct, expr: customer_id, create_metric: true}",
            ),
        ),
        minor=metrics("visitors"),
    ),
)
