"""The answer to the same question over other days, beside the answer itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.app.questions.date_ranges import months_before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.app.questions.date_ranges import DateRange

SUFFIX = "before"


def before_column(metric: str) -> str:
    """Name the column of a metric's values before."""
    return f"{metric}__{SUFFIX}"


def beside(
    now: pa.Table,
    before: pa.Table,
    *,
    time: str | None,
    metrics: Sequence[str],
    counterpart: Callable[[dt.datetime], dt.datetime | None],
) -> pa.Table:
    """Put each row's values of before beside those of now; none where it had no row.

    Args:
        now: The answer.
        before: The answer over the days before.
        time: The column of time, where it is grouped by it.
        metrics: The metrics.
        counterpart: Gives the period of before for one of now.
    """
    keys = [name for name in now.column_names if name not in metrics]
    known = {
        tuple(row[name] for name in keys): row
        for row in before.select(now.column_names).to_pylist()
    }
    found: dict[str, list[object]] = {name: [] for name in metrics}
    for row in now.select(keys).to_pylist() if keys else [{}]:
        if time is not None and row[time] is not None:
            row[time] = counterpart(row[time])
        other = known.get(tuple(row[name] for name in keys), {})
        for name in metrics:
            found[name].append(other.get(name))
    for name in metrics:
        field = before.schema.field(name).with_name(before_column(name))
        now = now.append_column(field, pa.array(found[name], field.type))
    return now


def counterparts(days: DateRange, other: DateRange) -> Callable[[dt.datetime], dt.datetime | None]:
    """Give what finds the period of the other range for a period of the range."""
    months = (days.first.year - other.first.year) * 12 + days.first.month - other.first.month
    if days.months is not None:
        return lambda time: _months_before(time, months)
    distance = days.first - other.first
    return lambda time: time - distance


def _months_before(time: dt.datetime, months: int) -> dt.datetime | None:
    day = months_before(time.date(), months)
    return None if day is None else dt.datetime.combine(day, time.time())
