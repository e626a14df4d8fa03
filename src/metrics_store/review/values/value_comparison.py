"""Compares the values of a metric before and after a change, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.review.values.value_questions import Question

# Sums of floating-point numbers in another order differ by less: by a share of them, and where
# they cancel out, by as much of one.
TOLERANCE = 1e-9
_LARGEST = 5


@dataclass(frozen=True)
class Slice:
    """One row of an answer, on both sides.

    Attributes:
        key: The values that it is grouped by.
        old: The metric's value before; none where it was NULL or the row is new.
        new: Its value after.
    """

    key: tuple[Any, ...]
    old: Any
    new: Any

    @property
    def moved(self) -> float:
        """By how much it moved; infinite where it comes, goes or is no number."""
        if self.old is None or self.new is None:
            return math.inf
        try:
            return float(self.new) - float(self.old)
        except (TypeError, ValueError):
            return math.inf

    @property
    def share(self) -> float | None:
        """By what share of the old value it moved; none where there is no such share."""
        if math.isinf(self.moved) or not float(self.old):
            return None
        return self.moved / abs(float(self.old))


@dataclass(frozen=True)
class Comparison:
    """What a metric answers to one question on both sides.

    Attributes:
        question: The question's name.
        group_by: What it is grouped by.
        rows: How many slices there are on either side.
        differing: How many of them differ.
        largest: Those that moved most.
        series: All slices in order, where they follow one time; else none.
        errors: Why a side does not answer; empty texts where it does.
        sql: What each side asked of the warehouse.
    """

    question: str
    group_by: tuple[str, ...]
    rows: int = 0
    differing: int = 0
    largest: tuple[Slice, ...] = ()
    series: tuple[Slice, ...] = ()
    errors: tuple[str, str] = ("", "")
    sql: tuple[str, str] = ("", "")

    @property
    def is_equal(self) -> bool:
        """Whether both sides answer, and the same in every row."""
        return not self.differing and not any(self.errors)


def slices(old: pa.Table, new: pa.Table, metric: str, group_by: tuple[str, ...]) -> list[Slice]:
    """Put the rows of two answers together by what they are grouped by, in order.

    Cost: the number of rows.
    """
    before, after = _values(old, metric, len(group_by)), _values(new, metric, len(group_by))
    keys = sorted({*before, *after}, key=_order)
    return [Slice(key, before.get(key), after.get(key)) for key in keys]


def differ(one: Slice) -> bool:
    """Whether a slice has another value than before."""
    old, new = one.old, one.new
    if isinstance(old, float | int | Decimal) and isinstance(new, float | int | Decimal):
        if isinstance(old, float) or isinstance(new, float):
            return not _close(float(old), float(new))
        return old != new
    return bool(old != new)


def compare(
    question: Question, metric: str, old: pa.Table, new: pa.Table, sql: tuple[str, str]
) -> Comparison:
    """Compare what a metric answers to one question; the group-bys are the first columns."""
    group_by = question.group_by
    both = slices(old, new, metric, group_by)
    moved = [one for one in both if differ(one)]
    largest = sorted(moved, key=lambda one: -abs(one.moved))[:_LARGEST]
    by_time = len(group_by) == 1 and group_by[0].startswith(METRIC_TIME)
    return Comparison(
        question=question.name,
        group_by=group_by,
        rows=len(both),
        differing=len(moved),
        largest=tuple(largest),
        series=tuple(both) if by_time and moved else (),
        sql=sql,
    )


def _values(table: pa.Table, metric: str, keys: int) -> dict[tuple[Any, ...], Any]:
    columns = [table.column(position).to_pylist() for position in range(keys)]
    values = table.column(metric).to_pylist()
    return dict(zip(zip(*columns, strict=True), values, strict=True)) if keys else {(): values[0]}


def _close(old: float, new: float) -> bool:
    if math.isnan(old) or math.isnan(new):
        return math.isnan(old) and math.isnan(new)
    return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _order(key: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, str(value)) for value in key)
