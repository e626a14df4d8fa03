"""The text of a filter, for errors that tell where in it something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.filters.filter_errors import rejected, rejected_at

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError
    from metrics_store.query.filters.filter_tree import Name

CONDITIONS = (
    "a name or a function of one, then =, !=, <, <=, >, >=, [NOT] IN, [NOT] BETWEEN, [NOT] LIKE, "
    "[NOT] ILIKE or IS [NOT] NULL; joined by AND, OR, NOT"
)


@dataclass(frozen=True)
class FilterText:
    """The text of a filter with its names by where they begin, to tell where a part stands."""

    text: str
    names: dict[int, Name]

    def rejected(self, what: str, node: exp.Expr, expected: str) -> MetricsStoreError:
        """Give the error for a node, with its place where the parser kept it."""
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        if starts:
            return rejected_at(what, self.text, min(starts), expected=expected)
        return rejected(what, self.text, expected=expected)

    def check_arguments(self, node: exp.Expr, *allowed: str) -> None:
        """Reject a node that says more than its allowed arguments."""
        for key, value in node.args.items():
            if key not in allowed and value not in (None, False, []):
                raise self.rejected("a filter says something that filters cannot", node, CONDITIONS)


def unsupported_reason(node: exp.Expr) -> str:
    """Say why a syntax node is not allowed in filters."""
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector):
        return "a filter calls a function that filters do not have"
    if isinstance(node, exp.Query | exp.Subquery):
        return "a filter selects from a table"
    return "a filter says something that filters cannot"
