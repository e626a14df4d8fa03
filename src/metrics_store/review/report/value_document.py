"""The value diff as plain values for the report."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from metrics_store.review.values.sparkline import bounds, points, sparkline
from metrics_store.review.values.value_comparison import TOLERANCE
from metrics_store.review.values.value_questions import TOTAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.review.values.value_comparison import Comparison, Slice
    from metrics_store.review.values.value_review import MetricValues, ValueReview

_DIGITS = 6


def values_document(values: ValueReview) -> dict[str, Any]:
    """Give what a value diff found as plain values.

    Metrics that moved are told question by question; of those that stayed, how many rows were
    compared. A metric that was not touched and moved all the same stands apart.
    """
    differing = [one for one in values.metrics if not one.is_equal]
    equal = [one for one in values.metrics if one.is_equal]
    return {
        "data": values.data,
        "tolerance": TOLERANCE,
        "moved": [_metric(one) for one in differing if one.is_changed],
        "unexplained": [_metric(one) for one in differing if not one.is_changed],
        "touched_and_equal": {one.metric: one.rows for one in equal if one.is_changed},
        "untouched_and_equal": {one.metric: one.rows for one in equal if not one.is_changed},
    }


def _metric(values: MetricValues) -> dict[str, Any]:
    total = next((one for one in values.comparisons if one.question == TOTAL), None)
    return {
        "metric": values.metric,
        "total": _slice(total.largest[0]) if total and total.largest else None,
        "questions": [_comparison(one) for one in values.comparisons if not one.is_equal],
        "equal_questions": sum(1 for one in values.comparisons if one.is_equal),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "question": comparison.question,
        "group_by": list(comparison.group_by),
        "rows": comparison.rows,
        "differing": comparison.differing,
        "refused": {"old": comparison.errors[0], "new": comparison.errors[1]},
        "largest": [_slice(one) for one in comparison.largest],
        "chart": _chart(comparison.series),
        "sql": {"old": comparison.sql[0], "new": comparison.sql[1]},
    }


def _slice(one: Slice) -> dict[str, Any]:
    share = one.share
    return {
        "key": [_text(value) for value in one.key],
        "old": _number(one.old),
        "new": _number(one.new),
        "share": None if share is None else round(share, _DIGITS),
    }


def _chart(series: Sequence[Slice]) -> dict[str, Any] | None:
    """Draw both sides over time; none where there is nothing to draw."""
    if len(series) < 2 or not all(map(_is_drawable, series)):  # noqa: PLR2004 - a line has two ends
        return None
    old, new = [one.old for one in series], [one.new for one in series]
    lowest, highest = bounds([*old, *new])
    return {
        "first": _text(series[0].key[0]),
        "last": _text(series[-1].key[0]),
        "lowest": _number(lowest),
        "highest": _number(highest),
        "text": {side: sparkline(all_, lowest, highest) for side, all_ in _sides(old, new)},
        "lines": {side: points(all_, lowest, highest) for side, all_ in _sides(old, new)},
    }


def _sides(old: list[Any], new: list[Any]) -> list[tuple[str, list[Any]]]:
    return [("old", old), ("new", new)]


def _is_drawable(one: Slice) -> bool:
    return all(
        value is None or isinstance(value, int | float | Decimal) for value in (one.old, one.new)
    )


def _text(value: Any) -> str | None:  # noqa: ANN401 - what a warehouse gives
    if value is None:
        return None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else str(value)


def _number(value: Any) -> str | None:  # noqa: ANN401 - what a warehouse gives
    """Write a number for people: six significant digits of what has a fraction."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{float(value):,.{_DIGITS}g}" if abs(float(value)) < 1e6 else f"{float(value):,.2f}"  # noqa: PLR2004
