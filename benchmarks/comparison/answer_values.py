"""Rows of two answers, compared by their values alone."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[Any, ...]


def difference(found: Sequence[Row], right: Sequence[Row]) -> str | None:
    """Say where rows differ, in whatever order they are; none where they are the same."""
    ours, theirs = (sorted(map(_plain, rows), key=_order) for rows in (found, right))
    for one, other in zip(ours, theirs, strict=False):
        if len(one) != len(other) or not all(map(_same, one, other)):
            return f"{one}, not {other}"
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, not {len(theirs)}"
    return None


def _plain(row: Row) -> Row:
    return tuple(map(_plain_value, row))


def _plain_value(value: object) -> object:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        # PostgreSQL makes an instant of a day that is cut; sessions are in UTC.
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as the store's
    return value


def _order(row: Row) -> tuple[str, ...]:
    # Numbers last and rounded, so that last digits change no order.
    return tuple("" if isinstance(value, float) else repr(value) for value in row) + tuple(
        f"{value:+.6e}" for value in row if isinstance(value, float)
    )


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return type(one) is type(other) and one == other
