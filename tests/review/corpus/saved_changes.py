"""Changes of saved queries and of who reads them."""

from review.corpus.change import MAJOR, Change, these
from review.corpus.edits import replace
from review.corpus.groups import EXPORTED, METRICS, MORE

_BY_REGION, _BY_STORE = these("saved query revenue_by_region"), these("saved query stock_by_store")
_LARGEST = these("saved query largest_channels")

SAVED = (
    Change(
        "asks for one metric more",
        (replace(METRICS, "metrics: [stock]\n", "metrics: [stock, stock_at_start]\n"),),
        minor=_BY_STORE,
    ),
    Change(
        "asks for one metric less",
        (replace(METRICS, "metrics: [revenue, orders_placed]", "metrics: [revenue]"),),
        major=_BY_REGION,
        impacts=EXPORTED,
    ),
    Change(
        "groups by more",
        (
            replace(
                METRICS,
                "\"Dimension('shelf_day__store')\"]",
                "\"Dimension('shelf_day__store')\", \"Dimension('shelf_day__item')\"]",
            ),
        ),
        major=_BY_STORE,
    ),
    Change(
        "groups by another grain",
        (
            replace(
                METRICS,
                "[\"TimeDimension('metric_time', 'month')\", \"Dimension('customer__region')\"]",
                "[\"TimeDimension('metric_time', 'year')\", \"Dimension('customer__region')\"]",
            ),
        ),
        major=_BY_REGION,
        impacts=EXPORTED,
    ),
    Change(
        "asks of other rows",
        (
            replace(
                METRICS,
                "where: [\"{{ Dimension('order__status') }} = 'paid'\"]",
                "where: [\"{{ Dimension('order__status') }} != 'returned'\"]",
            ),
        ),
        major=_BY_REGION,
        impacts=EXPORTED,
    ),
    Change("another limit", (replace(MORE, "limit: 1", "limit: 2"),), major=_LARGEST),
    Change("no limit", (replace(MORE, "      limit: 1\n", ""),), major=_LARGEST),
    Change(
        "the other end of a limited answer",
        (replace(MORE, "descending(True)", "descending(False)"),),
        major=_LARGEST,
    ),
    Change(
        "ordered, without a limit",
        (
            replace(
                METRICS,
                "      metrics: [stock]\n",
                "      order_by: [\"Metric('stock')\"]\n      metrics: [stock]\n",
            ),
        ),
        patch=_BY_STORE,
    ),
    Change(
        "an export added",
        (
            replace(
                METRICS,
                "export_as: table}}\n",
                "export_as: table}}\n"
                "      - {name: export_for_the_south, config: {export_as: view}}\n",
            ),
        ),
        minor=_BY_REGION,
        impacts=EXPORTED,
    ),
    Change(
        "an export as a view",
        (replace(METRICS, "export_as: table", "export_as: view"),),
        major=_BY_REGION,
        impacts=EXPORTED,
    ),
    Change(
        "an export removed",
        (
            replace(
                METRICS,
                "    exports:\n      - {name: export_revenue_by_region, "
                "config: {export_as: table}}\n",
                "",
            ),
        ),
        major=_BY_REGION,
        impacts=these("export export_revenue_by_region"),
    ),
    Change(
        "a saved query added",
        (
            replace(
                MORE,
                "saved_queries:\n",
                "saved_queries:\n  - name: visits_by_source\n"
                "    query_params:\n      metrics: [visits]\n"
                "      group_by: [\"Dimension('visit__source')\"]\n",
            ),
        ),
        minor=these("saved query visits_by_source"),
    ),
    Change(
        "a saved query renamed",
        (replace(METRICS, "name: stock_by_store", "name: stock_of_stores"),),
        major=these("saved query stock_of_stores"),
    ),
    Change(
        "a saved query removed, another added",
        (
            replace(METRICS, "  - name: stock_by_store\n", "  - name: visits_by_month\n"),
            replace(METRICS, "metrics: [stock]\n", "metrics: [visits]\n"),
            replace(
                METRICS,
                "[\"TimeDimension('metric_time', 'month')\", \"Dimension('shelf_day__store')\"]",
                "[\"TimeDimension('metric_time', 'month')\"]",
            ),
        ),
        major=_BY_STORE,
        minor=these("saved query visits_by_month"),
    ),
    Change(
        "the SQL of an export's own model",
        (replace("models/exports/export_revenue_by_region.sql", "'paid'", "'open'"),),
        impacts=EXPORTED,
        whole=MAJOR,
    ),
    Change(
        "the SQL of a report",
        (replace("models/exports/rep_revenue.sql", "sum(revenue)", "max(revenue)"),),
        impacts=these("report rep_revenue", "exposure board_pack"),
        whole=MAJOR,
    ),
)
