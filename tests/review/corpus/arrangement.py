"""Changes of where something stands, and in which order: a review must not see them."""

from __future__ import annotations

import re

from review.corpus.change import Change
from review.corpus.edits import Edit, Files, append, block, change, rename, replace, rewrite
from review.corpus.groups import METRICS, MORE, SEMANTIC
from review.corpus.spelling import CUSTOMERS, DAYS, FIRST, INDEPENDENT, INT_ORDERS, ORDERS


def _reversed_items(text: str) -> str:
    """Put the items of a YAML file's first list in the opposite order."""
    head, *items = re.split(r"^(?=  - )", text, flags=re.MULTILINE)
    return head + "".join(item if item.endswith("\n") else item + "\n" for item in items[::-1])


def _reversed_metrics(text: str) -> str:
    metrics, saved = text.split("\nsaved_queries:")
    return f"{_reversed_items(metrics)}\nsaved_queries:{saved}"


def _moved(name: str, start: str, old: str, new: str) -> Change:
    """Move a block out of one file to a new one."""

    def do(files: Files) -> Files:
        moved = block(files[old], name)
        return {**files, old: files[old].replace(moved, ""), new: f"{start}\n{moved}"}

    return Change(f"{name} moved to another file", (Edit(old, do),))


def _turned_columns(text: str) -> str:
    return "".join(",".join(line.split(",")[::-1]) + "\n" for line in text.splitlines())


ALONE = (
    Change("metrics in another order", (change(METRICS, _reversed_metrics),)),
    Change("semantic models in another order", (change(SEMANTIC, _reversed_items),)),
    Change("more metrics in a file of another name", (rename(MORE, "models/a_metrics.yml"),)),
    _moved("revenue_south", "metrics:", MORE, "models/south.yml"),
    _moved("visits", "semantic_models:", SEMANTIC, "models/visits.yml"),
    Change(
        "a semantic model of another name",
        (replace(SEMANTIC, "- name: orders\n", "- name: sales\n"),),
    ),
    Change(
        "import common table expressions inlined",
        (
            rewrite(
                ORDERS,
                """{{ config(materialized='table') }}
select
    o.order_id, o.customer_id, o.ordered_at, o.status, o.channel, o.amount, o.quantity,
    n.nth_order, o.quantity * 2 as pairs
from {{ ref('int_orders') }} as o
join (
    select
        order_id,
        row_number() over (partition by customer_id order by ordered_at, order_id) as nth_order
    from {{ ref('int_orders') }}
) as n on n.order_id = o.order_id
""",
            ),
        ),
    ),
    Change(
        "columns of a mart in another order, quoted",
        (
            replace(
                ORDERS,
                "    orders.order_id,\n    orders.customer_id,\n    orders.ordered_at,\n",
                '    orders."ordered_at",\n    "orders".order_id,\n    orders.customer_id,\n',
            ),
        ),
    ),
    Change(
        "a macro written out",
        (
            replace(
                CUSTOMERS,
                "{{ tidy('customers.customer_name') }}",
                "lower(trim(customers.customer_name))",
            ),
        ),
    ),
    Change(
        "a variable written out",
        (replace(INT_ORDERS, "'{{ var(\"ignored_channel\") }}'", "'phone'"),),
    ),
    Change(
        "a mart as a view",
        (replace(ORDERS, "materialized='table'", "materialized='view'"),),
    ),
    Change(
        "an ephemeral model as a view",
        (replace(FIRST, "materialized='ephemeral'", "materialized='view'"),),
    ),
    Change(
        "the materialization in YAML",
        (
            replace(ORDERS, "{{ config(materialized='table') }}\n", ""),
            replace(
                "models/market.yml",
                "  - name: orders\n",
                "  - name: orders\n    config: {materialized: table}\n",
            ),
        ),
    ),
    Change(
        "an upstream model of another name",
        (
            rename(INT_ORDERS, "models/int_sales.sql"),
            replace(ORDERS, "int_orders", "int_sales"),
            replace(FIRST, "int_orders", "int_sales"),
            replace(DAYS, "int_orders", "int_sales"),
        ),
    ),
    Change("columns of a seed in another order", (change("seeds/raw_stock.csv", _turned_columns),)),
    Change(
        "a source of another name, the same table",
        (
            replace(
                "models/sources.yml",
                "- name: crm\n    schema: crm\n    tables:\n      - name: regions\n",
                "- name: customers\n    schema: crm\n    tables:\n      - name: areas\n"
                "        identifier: regions\n",
            ),
            replace(CUSTOMERS, "source('crm', 'regions')", "source('customers', 'areas')"),
        ),
    ),
    Change(
        "what is done and undone",
        (
            replace(
                METRICS, "window: 7 days, period_agg: last", "window: 9 days, period_agg: last"
            ),
            replace(
                METRICS, "window: 9 days, period_agg: last", "window: 7 days, period_agg: last"
            ),
            append(ORDERS, "where orders.amount > 10\n"),
            change(ORDERS, lambda text: text.removesuffix("where orders.amount > 10\n")),
        ),
    ),
    Change(
        "the format of many files at once", tuple(edit for one in INDEPENDENT for edit in one.edits)
    ),
)
