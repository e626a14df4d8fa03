"""Conditions on the values of metrics: they are of the answer's rows, and not of those beneath.

`owner__team = 'EMEA' and won_revenue > 100000` counts the rows of EMEA, and of the answer it keeps
the rows whose own value is greater.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.filters.comparison_times import compared_values
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_renderer import RenderOptions, render_filter
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Default,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Range,
    Truth,
    all_of,
    conjuncts,
    name_of,
)
from metrics_store.query.filters.renamed_filter import names_of, renamed

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError
    from metrics_store.query.metric_request import MetricRequest

_ORDER = "\nORDER BY "


@dataclass(frozen=True)
class ValueCondition:
    """What must hold for the rows of an answer, by the values of its metrics.

    Attributes:
        condition: The condition; its names are columns of the answer.
        limit: How many of the rows for which it holds are wanted; none for all.
    """

    condition: Filter
    limit: int | None

    def applied_to(self, sql: str, dialect: str) -> str:
        """Give the statement that answers with the rows for which it holds, in their order."""
        # The outermost clause is the only one that begins a line.
        rows, _, order = sql.rpartition(_ORDER) if _ORDER in sql else (sql, "", "")
        known = DIALECTS[dialect]
        # Names have letters, digits and underscores only: the tree holds no others.
        options = RenderOptions(known, write=lambda name: known.column(name.path))
        where = render_filter(self.condition, options)
        # Of the caller's words it has names of columns, and values that we write.
        clauses = [f"SELECT * FROM (\n{rows}\n) AS answer", f"WHERE {where}"]  # noqa: S608
        clauses += [f"ORDER BY {order}"] if order else []
        clauses += [] if self.limit is None else [f"LIMIT {self.limit}"]
        return "\n".join(clauses)


def split_conditions(request: MetricRequest) -> tuple[MetricRequest, ValueCondition | None]:
    """Give a request without conditions on its metrics' values, and these; none where it has none.

    Raises:
        MetricsStoreError: A metric's value is compared with what is no number, or stands beside a
            dimension where only one of both need hold.
    """
    columns = {metric: metric for metric in request.metrics} | dict(request.aliases)
    columns |= {alias: alias for _, alias in request.aliases}

    def is_value(name: Name) -> bool:
        return name.kind is Kind.UNSPECIFIED and name.grain is None and name.path in columns

    if request.where is None or not any(map(is_value, names_of(request.where))):
        return request, None
    of_values, of_rows = list[Filter](), list[Filter]()
    for part in conjuncts(request.where):
        names = list(names_of(part))
        if len(set(map(is_value, names))) > 1:
            raise rejected(
                "a condition on a metric's value is joined with one on a dimension by OR or NOT",
                ", ".join(map(str, names)),
                expected="conditions on values joined with all others by AND",
            )
        if is_value(names[0]):
            _check_numbers(part)
            of_values.append(renamed(part, lambda name: Name(columns[name.path])))
        else:
            of_rows.append(part)
    where = all_of(of_rows) if of_rows else None
    rest = dataclasses.replace(request, where=where, limit=None)
    return rest, ValueCondition(all_of(of_values), request.limit)


def _check_numbers(tree: Filter) -> None:
    """Reject what compares a metric with something else than numbers."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                _check_numbers(part)
        case Not(part):
            _check_numbers(part)
        case Comparison() | Membership() | Range() | Missing():
            values, term = list(compared_values(tree)), tree.term
            while isinstance(term, Default):
                values, term = [*values, term.value], term.term
            wrong = [one for one in values if not _is_number(one)]
            if wrong or not isinstance(term, Name):
                raise _no_number(name_of(term), repr(wrong[0]) if wrong else str(term))
        case Pattern() | Truth():
            raise _no_number(name_of(tree.term), str(tree.term))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _no_number(metric: Name, given: str) -> MetricsStoreError:
    return rejected(
        f"{metric} is a number and is compared with something else",
        given,
        expected=f"such as {metric} > 1000, or {metric} is null",
    )
