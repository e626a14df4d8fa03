"""The error for SQL over metrics that has no right answer."""

from __future__ import annotations

from sqlglot import exp

from metrics_store.errors import MetricsStoreError

_SHOWN = 120


class InexpressibleError(MetricsStoreError):
    """SQL over metrics that would give a number that is not the metric."""

    code = "not_expressible"


def inexpressible(what: str, part: object = "", remedy: str = "") -> InexpressibleError:
    """Give the error for a part of a statement."""
    text = part.sql(dialect="postgres") if isinstance(part, exp.Expr) else str(part)
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return InexpressibleError(what, where=shown, remedy=remedy)
