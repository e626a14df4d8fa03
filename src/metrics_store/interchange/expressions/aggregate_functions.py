"""The functions that aggregate rows, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.unsayable import UnsayableError

if TYPE_CHECKING:
    from metrics_store.interchange.layer.metric import Aggregate

_FUNCTIONS: dict[str, type[exp.AggFunc]] = {
    "sum": exp.Sum,
    "min": exp.Min,
    "max": exp.Max,
    "average": exp.Avg,
}


def aggregate_call(aggregate: Aggregate, value: exp.Expr) -> exp.Expr:
    """Write the call that aggregates a value of rows.

    Raises:
        UnsayableError: There is no such function everywhere.
    """
    function = aggregate.function
    if function in _FUNCTIONS:
        return _FUNCTIONS[function](this=value)
    if function == "count_distinct":
        return exp.Count(this=exp.Distinct(expressions=[value]))
    if function == "median":
        return _percentile("PERCENTILE_CONT", 0.5, value)
    if function == "percentile" and aggregate.percentile is not None:
        if aggregate.percentile.approximate:
            raise UnsayableError("it estimates a percentile, by a function of the warehouse's own")
        kind = "PERCENTILE_DISC" if aggregate.percentile.discrete else "PERCENTILE_CONT"
        return _percentile(kind, aggregate.percentile.share, value)
    raise UnsayableError(f"it aggregates by {function}")


def _percentile(function: str, share: float, value: exp.Expr) -> exp.Expr:
    # By its name, lest sqlglot writes an estimate in its place for a dialect.
    call = exp.Anonymous(this=function, expressions=[exp.Literal.number(share)])
    return exp.WithinGroup(this=call, expression=exp.Order(expressions=[value]))
