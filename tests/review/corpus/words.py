"""Changes of what is said of definitions, not of what they are."""

from review.corpus.change import Change, these
from review.corpus.edits import replace
from review.corpus.groups import METRICS, MORE, SEMANTIC

GROSS = these("metric gross")
_NOTHING: frozenset[str] = frozenset()

WORDS = (
    Change("a description", (replace(MORE, "whoever paid", "paid or not"),), patch=GROSS),
    Change("a label", (replace(MORE, "label: Gross revenue", "label: Gross"),), patch=GROSS),
    Change("an owner", (replace(MORE, "owner: till", "owner: office"),), patch=GROSS),
    Change("no longer certified", (replace(MORE, "tier: certified", "tier: draft"),), patch=GROSS),
    Change("only the version", (replace(MORE, "version: 1.2.0", "version: 1.2.1"),), noted=GROSS),
    Change(
        "a unit first said",
        (
            replace(
                METRICS,
                "type_params: {measure: paid_flags}}",
                "type_params: {measure: paid_flags}, config: {meta: {unit: orders}}}",
            ),
        ),
        minor=these("metric orders_paid"),
    ),
    Change(
        "another unit", (replace(MORE, "unit: euro", "unit: dollar"),), major=GROSS, moved=_NOTHING
    ),
    Change("no unit", (replace(MORE, "        unit: euro\n", ""),), major=GROSS, moved=_NOTHING),
    Change(
        "another direction",
        (replace(MORE, "direction: up", "direction: down"),),
        major=GROSS,
        moved=_NOTHING,
    ),
    Change(
        "one grain more",
        (replace(MORE, "[month, quarter]", "[month, quarter, year]"),),
        minor=GROSS,
    ),
    Change(
        "one grain less",
        (replace(MORE, "[month, quarter]", "[month]"),),
        major=GROSS,
        moved=_NOTHING,
    ),
    Change(
        "grains first said",
        (replace(METRICS, "{unit: pieces}", "{unit: pieces, grains: [month]}"),),
        major=these("metric stock"),
        impacts=these("saved query stock_by_store", "metric stock_change"),
        moved=_NOTHING,
    ),
    Change(
        "deprecated",
        (
            replace(
                MORE,
                "        direction: up\n",
                "        direction: up\n        deprecated: {since: 2024-01-01, replaced_by: revenue}\n",
            ),
        ),
        minor=GROSS,
    ),
    Change(
        "the description of a dimension",
        (replace(SEMANTIC, "Where the customer lives.", "Where they live."),),
        patch=these("dimension customer__region"),
    ),
    Change(
        "the label of a dimension",
        (replace(SEMANTIC, "label: Status", "label: State"),),
        patch=these("dimension order__status"),
    ),
    Change(
        "the description of an entity",
        (
            replace(
                SEMANTIC,
                "{name: visit, type: primary, expr: visit_id}",
                "{name: visit, type: primary, expr: visit_id, description: A look at the page.}",
            ),
        ),
        patch=these("entity visit of visits"),
    ),
    Change(
        "a semantic model's name and a description in it",
        (
            replace(SEMANTIC, "- name: orders\n", "- name: sales\n"),
            replace(
                SEMANTIC,
                "{name: order, type: primary, expr: order_id}",
                "{name: order, type: primary, expr: order_id, description: What is sold.}",
            ),
        ),
        patch=these("entity order of sales"),
    ),
    Change(
        "the description of a saved query",
        (replace(METRICS, "Stock of each month.", "What lay there at the end of each month."),),
        patch=these("saved query stock_by_store"),
    ),
    Change(
        "several words at once",
        (
            replace(MORE, "label: Gross revenue", "label: Gross"),
            replace(MORE, "label: First orders", "label: New buyers"),
            replace(METRICS, "label: Paid share", "label: Share of paid revenue"),
        ),
        patch=these("metric gross", "metric first_orders", "metric paid_share"),
    ),
)
