"""Changes of metrics."""

from review.corpus.change import Change, metrics, these
from review.corpus.edits import append, change, replace
from review.corpus.groups import (
    METRICS,
    MORE,
    SEMANTIC,
)

_PAID = "filter: \"{{ Dimension('order__status') }} = 'paid'\""
_GROWTH = "expr: (now - before) / nullif(before, 0)"

SIMPLE = (
    Change(
        "a filter",
        (replace(METRICS, _PAID, _PAID.replace("'paid'", "'returned'")),),
        major=metrics("revenue_paid paid_share"),
        impacts=these("exposure board_pack", "metric paid_share"),
    ),
    Change(
        "a filter's operator",
        (replace(METRICS, "['customer']) }} > 10", "['customer']) }} >= 10"),),
        major=metrics("revenue_of_big_customers"),
    ),
    Change(
        "a filter added",
        (
            replace(
                METRICS,
                "    type_params: {measure: {name: amount_sum, join_to_timespine",
                "    filter: \"{{ Dimension('order__channel') }} = 'web'\"\n"
                "    type_params: {measure: {name: amount_sum, join_to_timespine",
            ),
        ),
        major=metrics("revenue_every_day"),
    ),
    Change(
        "a filter removed",
        (replace(MORE, "    filter: \"{{ Dimension('customer__region') }} = 'south'\"\n", ""),),
        major=metrics("revenue_south"),
    ),
    Change(
        "a filter of another grain",
        (
            replace(
                MORE,
                "TimeDimension('metric_time', 'market_quarter')",
                "TimeDimension('metric_time', 'quarter')",
            ),
        ),
        major=metrics("revenue_new_quarter"),
    ),
    Change(
        "or in place of and",
        (replace(MORE, "= 'web' or {{", "= 'web' and {{"),),
        major=metrics("paid_web_orders"),
    ),
    Change(
        "another measure",
        (replace(METRICS, "{measure: amount_average}", "{measure: amount_median}"),),
        major=metrics("average_order"),
    ),
    Change(
        "nothing in place of zero",
        (replace(METRICS, ", fill_nulls_with: 0}", "}"),),
        major=metrics("revenue_every_day"),
    ),
    Change(
        "not every day",
        (replace(METRICS, "join_to_timespine: true, fill_nulls_with: 0", "fill_nulls_with: 0"),),
        major=metrics("revenue_every_day"),
    ),
    Change(
        "the filter of a measure",
        (
            replace(
                MORE,
                "type_params: {measure: first_orders}",
                "type_params: {measure: {name: first_orders, "
                "filter: \"{{ Dimension('order__is_large') }}\"}}",
            ),
        ),
        major=metrics("first_orders"),
    ),
    Change(
        "the grain of a metric's own",
        (
            replace(
                METRICS,
                "{name: visits, label: Visits,",
                "{name: visits, time_granularity: month, label: Visits,",
            ),
        ),
        major=metrics("visits"),
        moves=False,
    ),
    Change(
        "a simple metric becomes cumulative",
        (
            replace(
                METRICS,
                "{name: buyers, label: Buyers, type: simple, type_params: {measure: buyers}}",
                "{name: buyers, label: Buyers, type: cumulative, type_params: {measure: buyers}}",
            ),
        ),
        major=metrics("buyers revenue_per_buyer"),
    ),
)

COMPOSED = (
    Change(
        "numerator and denominator swapped",
        (
            replace(
                METRICS,
                "{numerator: revenue_paid, denominator: revenue}",
                "{numerator: revenue, denominator: revenue_paid}",
            ),
        ),
        major=metrics("paid_share"),
    ),
    Change(
        "the filter of a numerator",
        (replace(METRICS, "= 'web'\", alias: web_orders", "= 'store'\", alias: web_orders"),),
        major=metrics("web_share"),
    ),
    Change(
        "an expression over metrics",
        (replace(METRICS, "revenue / nullif(buyers, 0)", "revenue / nullif(buyers, 0) * 100"),),
        major=metrics("revenue_per_buyer"),
    ),
    Change(
        "aliases swapped",
        (
            replace(
                METRICS,
                "- {name: revenue, alias: now}\n        - {name: revenue, offset_window: "
                "1 month, alias: before}",
                "- {name: revenue, alias: before}\n        - {name: revenue, offset_window: "
                "1 month, alias: now}",
            ),
        ),
        major=metrics("revenue_growth"),
    ),
    Change(
        "another offset",
        (
            replace(
                METRICS,
                "metrics: [{name: revenue, offset_window: 1 month,",
                "metrics: [{name: revenue, offset_window: 2 month,",
            ),
        ),
        major=metrics("revenue_previous_month"),
    ),
    Change(
        "an offset to another grain",
        (replace(METRICS, "offset_to_grain: month", "offset_to_grain: year"),),
        major=metrics("revenue_since_month_start"),
    ),
    Change(
        "the filter of an input",
        (
            replace(
                METRICS,
                "metrics: [revenue, buyers]",
                "metrics: [{name: revenue, filter: \"{{ Dimension('order__is_large') }}\"}, "
                "buyers]",
            ),
        ),
        major=metrics("revenue_per_buyer"),
    ),
    Change(
        "an expression and the words around it",
        (
            replace(METRICS, _GROWTH, "expr: now - before"),
            replace(METRICS, "label: Growth of revenue", "label: Gain of revenue"),
        ),
        major=metrics("revenue_growth"),
    ),
    Change(
        "another window",
        (
            replace(
                METRICS,
                "{window: 7 days, period_agg: average}",
                "{window: 8 days, period_agg: average}",
            ),
        ),
        major=metrics("revenue_7_days_average"),
    ),
    Change(
        "another period's value",
        (
            replace(
                METRICS, "{window: 7 days, period_agg: last}", "{window: 7 days, period_agg: first}"
            ),
        ),
        major=metrics("revenue_7_days"),
    ),
    Change(
        "to date of another grain",
        (replace(METRICS, "grain_to_date: month", "grain_to_date: year"),),
        major=metrics("revenue_month_to_date"),
    ),
    Change(
        "a window in place of everything so far",
        (
            replace(
                METRICS,
                "cumulative_type_params: {period_agg: last}",
                "cumulative_type_params: {window: 1 month, period_agg: last}",
            ),
        ),
        major=metrics("revenue_to_date"),
    ),
    Change(
        "the window of a conversion",
        (
            replace(
                METRICS,
                "calculation: conversion_rate\n        window: 7 days",
                "calculation: conversion_rate\n        window: 2 days",
            ),
        ),
        major=metrics("visit_to_order"),
    ),
    Change(
        "what a conversion works out",
        (replace(METRICS, "calculation: conversions\n", "calculation: conversion_rate\n"),),
        major=metrics("visitors_who_ordered"),
    ),
    Change(
        "what a conversion holds constant",
        (
            replace(
                MORE,
                "        constant_properties:\n"
                "          - {base_property: half, conversion_property: half}\n",
                "",
            ),
        ),
        major=metrics("visit_to_order_in_half"),
        moves=False,
    ),
    Change(
        "the expression of what a conversion holds constant",
        (
            replace(
                SEMANTIC,
                "expr: case when month(visited_on) <= 6 then 1 else 2 end",
                "expr: case when month(visited_on) <= 3 then 1 else 2 end",
            ),
        ),
        major=metrics("visit_to_order_in_half") | these("dimension visit__half"),
    ),
    Change(
        "what a conversion counts first",
        (replace(MORE, "base_measure: {name: visitors}", "base_measure: {name: visit_count}"),),
        major=metrics("visit_to_order_in_half"),
    ),
)

NAMES = (
    Change(
        "a metric added",
        (
            append(MORE, ""),
            replace(
                MORE,
                "metrics:\n",
                "metrics:\n"
                "  - {name: sold, label: Sold, type: simple, type_params: {measure: amount_sum}}\n",
            ),
        ),
        minor=metrics("sold"),
    ),
    Change(
        "a metric removed",
        (
            replace(
                MORE,
                "  - name: first_orders\n    label: First orders\n    type: simple\n"
                "    type_params: {measure: first_orders}\n",
                "",
            ),
        ),
        major=metrics("first_orders"),
        moved=frozenset(),
    ),
    Change(
        "a metric renamed",
        (replace(MORE, "name: revenue_gold", "name: revenue_of_gold"),),
        major=metrics("revenue_of_gold"),
        moved=frozenset(),
    ),
    Change(
        "a metric renamed with those that use it",
        (
            replace(METRICS, "{name: buyers, label", "{name: customers_who_buy, label"),
            replace(
                METRICS, "revenue / nullif(buyers, 0)", "revenue / nullif(customers_who_buy, 0)"
            ),
            replace(METRICS, "[revenue, buyers]", "[revenue, customers_who_buy]"),
        ),
        major=metrics("customers_who_buy"),
        impacts=metrics("revenue_per_buyer"),
        moved=frozenset(),
    ),
    Change(
        "a metric renamed and changed at once",
        (
            replace(MORE, "name: revenue_gold", "name: revenue_silver"),
            replace(MORE, "= 'gold'", "= 'silver'"),
        ),
        major=metrics("revenue_gold"),
        minor=metrics("revenue_silver"),
        moved=frozenset(),
    ),
    Change(
        "a metric renamed and described otherwise",
        (
            replace(
                MORE,
                "name: revenue_gold\n    label: Revenue of gold members",
                "name: revenue_of_gold\n    label: Gold revenue",
            ),
        ),
        major=metrics("revenue_of_gold"),
        moved=frozenset(),
    ),
    Change(
        "two metrics swap their names",
        (
            change(
                METRICS,
                lambda text: (
                    text.replace("{name: largest_order,", "{name: LESS,")
                    .replace("{name: smallest_order,", "{name: largest_order,")
                    .replace("{name: LESS,", "{name: smallest_order,")
                ),
            ),
        ),
        major=metrics("largest_order smallest_order"),
    ),
)
