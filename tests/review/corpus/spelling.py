"""Changes of how something is spelled, and of nothing else: a review must not see them."""

from __future__ import annotations

from review.corpus.change import Change
from review.corpus.edits import append, change, replace, throughout
from review.corpus.groups import METRICS, MORE, SEMANTIC

ORDERS, CUSTOMERS, VISITS = "models/orders.sql", "models/customers.sql", "models/visits.sql"
INT_ORDERS, FIRST = "models/int_orders.sql", "models/int_first_orders.sql"
DAYS = "models/channel_days.sql"


def _turned_lines(text: str) -> str:
    head, *lines = text.splitlines()
    return "\n".join([head, *lines[::-1]]) + "\n"


# Each edits another place, so that any of them can be done together.
INDEPENDENT = (
    Change(
        "keys of a metric in another order",
        (
            replace(
                METRICS,
                "{name: visits, label: Visits, type: simple, type_params: {measure: visit_count}}",
                "{type: simple, type_params: {measure: visit_count}, label: Visits, name: visits}",
            ),
        ),
    ),
    Change(
        "quotes around a label", (replace(METRICS, "label: Paid share", 'label: "Paid share"'),)
    ),
    Change(
        "folded text on one line",
        (
            replace(
                MORE,
                ">-\n      What all orders cost together,\n      whoever paid.",
                "'What all orders cost together, whoever paid.'",
            ),
        ),
    ),
    Change(
        "an anchor in place of a repeated list",
        (
            replace(
                METRICS,
                "metrics: [stock, stock_at_start]}",
                "metrics: &both [stock, stock_at_start]}",
            ),
        ),
    ),
    Change("comments in YAML", (append("models/market.yml", "# Nothing follows.\n"),)),
    Change(
        "a filter as a list of one",
        (
            replace(
                METRICS,
                "filter: \"{{ Dimension('shelf_day__item') }} = 'apples'\"",
                "filter: [\"{{ Dimension('shelf_day__item') }} = 'apples'\"]",
            ),
        ),
    ),
    Change(
        "two filters as one text, in another order",
        (
            replace(
                MORE,
                """
      - "{{ Dimension('order__status') }} = 'paid'"
      - "{{ Dimension('order__channel') }} = 'web' or {{ Dimension('order__is_large') }}"
""",
                """ >
      ({{ Dimension('order__is_large') }} OR {{ Dimension('order__channel') }} = 'web')
      AND {{ Dimension('order__status') }} = 'paid'
""",
            ),
        ),
    ),
    Change(
        "blanks and quotes in a filter",
        (
            replace(
                MORE,
                "\"{{ Dimension('customer__region') }} = 'south'\"",
                "'{{Dimension( \"customer__region\" )}}   =  ''south'''",
            ),
        ),
    ),
    Change(
        "a time's grain said by a method",
        (
            replace(
                METRICS,
                "[\"TimeDimension('metric_time', 'month')\", \"Dimension('shelf_day__store')\"]",
                "[\"Dimension('shelf_day__store')\", \"Dimension('metric_time').grain('month')\"]",
            ),
        ),
    ),
    Change(
        "a measure by its name alone",
        (replace(MORE, "base_measure: {name: visitors}", "base_measure: visitors"),),
    ),
    Change(
        "a measure with its defaults",
        (
            replace(
                MORE,
                "type_params: {measure: channel_amount}",
                "type_params: {measure: {name: channel_amount, fill_nulls_with: null, "
                "join_to_timespine: false}}",
            ),
        ),
    ),
    Change(
        "the default time of a measure said",
        (
            replace(
                SEMANTIC,
                "{name: visit_count, agg: count, expr: visit_id}",
                "{name: visit_count, agg: count, expr: visit_id, agg_time_dimension: visited_on}",
            ),
        ),
    ),
    Change(
        "a window in the singular",
        (replace(MORE, "window: 30 days", "window: 30 day"),),
    ),
    Change(
        "an input of another alias",
        (
            replace(
                METRICS,
                "expr: before\n      metrics: [{name: revenue, offset_window: 1 month, "
                "alias: before}]",
                "expr: earlier\n      metrics: [{name: revenue, offset_window: 1 month, "
                "alias: earlier}]",
            ),
        ),
    ),
    Change(
        "the expression of a derived metric with other blanks",
        (replace(METRICS, "revenue / nullif(buyers, 0)", '"(revenue/NULLIF(buyers,0))"'),),
    ),
    Change(
        "the name of a column said",
        (
            replace(
                SEMANTIC,
                "{name: channel_day, type: primary}",
                "{name: channel_day, type: primary, expr: channel_day}",
            ),
            replace(
                SEMANTIC,
                "{name: country, type: categorical}",
                "{name: country, type: categorical, expr: country}",
            ),
        ),
    ),
    Change(
        "the expression of a dimension with other blanks",
        (
            replace(
                SEMANTIC,
                "expr: case when month(visited_on) <= 6 then 1 else 2 end}",
                'expr: "CASE WHEN 6 >= month( visited_on ) THEN 1 ELSE 2 END"}',
            ),
        ),
    ),
    Change(
        "flow and block style",
        (
            replace(
                SEMANTIC,
                "defaults: {agg_time_dimension: stock_day}",
                "defaults:\n      agg_time_dimension: stock_day",
            ),
        ),
    ),
    Change(
        "the description of a semantic model, a model and a measure",
        (
            replace(SEMANTIC, "description: Who looks.", "description: Who looks at the page."),
            replace("models/market.yml", "One row a customer.", "A row for each customer."),
            replace(
                SEMANTIC,
                "{name: customer_count, agg: count, expr: customer_id}",
                "{name: customer_count, agg: count, expr: customer_id, description: How many.}",
            ),
        ),
    ),
    Change(
        "a measure of another name",
        (
            replace(SEMANTIC, "{name: amount_max,", "{name: greatest_amount,"),
            replace(METRICS, "{measure: amount_max}", "{measure: greatest_amount}"),
        ),
    ),
    Change(
        "keywords in capitals",
        (
            change(
                "models/stock.sql",
                lambda text: text.replace("select", "SELECT").replace("from", "FROM"),
            ),
        ),
    ),
    Change(
        "a comment and blanks in SQL",
        (
            replace(
                "models/memberships.sql",
                "    membership_id,\n    customer_id,",
                "  membership_id , -- whose\n\n  /* and of whom */ customer_id,",
            ),
        ),
    ),
    Change(
        "casts by colons",
        (
            replace(
                VISITS,
                "cast(visited_on as date) as visited_on,\n    source",
                "visited_on::date as visited_on,\n    source",
            ),
        ),
    ),
    Change(
        "conditions in another order",
        (
            replace(
                VISITS,
                "source = 'poster' and visit_id is not null",
                "not visit_id is null and ('poster' = source)",
            ),
            replace(
                FIRST, "status = 'paid' or status = 'open'", "status = 'open' or status = 'paid'"
            ),
        ),
    ),
    Change(
        "common table expressions of other names",
        (throughout(ORDERS, "numbered", "counted"),),
    ),
    Change(
        "a join written from the other side",
        (
            replace(
                CUSTOMERS,
                "on customers.region = regions.region",
                "on regions.region = customers.region",
            ),
        ),
    ),
    Change(
        "the increment in other lines",
        (
            replace(
                DAYS,
                "{% if is_incremental() %}\n"
                "where ordered_at >= (select max(sold_on) from {{ this }})",
                "{%- if is_incremental() -%}\n  -- only what is new\n  where ordered_at >= (\n"
                "    select max(sold_on) from {{this}}\n  )\n",
            ),
        ),
    ),
    Change(
        "only the comment of a macro",
        (replace("macros/tidy.sql", "{# Case and blanks tell nobody apart. #}", "{# Tidy. #}"),),
    ),
    Change(
        "lines of a seed in another order",
        (change("seeds/raw_orders.csv", _turned_lines),),
    ),
)
