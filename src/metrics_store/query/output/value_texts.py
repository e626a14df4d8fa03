"""Values as people write them: amounts with separators, ratios in percent, times by period."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.output.column_units import is_metric, unit_of
from metrics_store.query.output.text_formats import is_number, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    Number = decimal.Decimal | float

# A metric without a value, and a group of rows that have none.
NO_VALUE, NO_GROUP = "\u2013", "(none)"
RATIO = "ratio"
# The greatest value of a column from which on its values have so many decimals.
_DECIMALS = ((1000, 0), (1, 2))
_MOST_DECIMALS = 4
_SMALL_RATIO = 0.001
_PERIODS = {"year": "%Y", "month": "%Y-%m"}


def texts_of(field: pa.Field, values: Sequence[object]) -> list[str]:
    """Give the values of a column as people write them; numbers with as many decimals each.

    Args:
        field: The column: its name says the grain of a time, its metadata the unit of a metric.
        values: Its values.
    """
    if not is_metric(field):
        grain = grain_of(field)
        return [NO_GROUP if one is None else _group_text(one, grain) for one in values]
    if not is_number(field):
        return [NO_VALUE if one is None else _group_text(one, "day") for one in values]
    numbers = [None if one is None else _number(one) for one in values]
    if unit_of(field) == RATIO:
        return [NO_VALUE if one is None else _percent(one) for one in numbers]
    decimals = _decimals([one for one in numbers if one is not None], unit_of(field))
    return [NO_VALUE if one is None else _unsigned_zero(f"{one:,.{decimals}f}") for one in numbers]


def grain_of(field: pa.Field) -> str:
    """Give the grain of a column of times, out of its name; empty for another column."""
    is_time = pa.types.is_timestamp(field.type) or pa.types.is_date(field.type)
    return str(field.name).rpartition("__")[2] if is_time else ""


def _number(value: object) -> Number | None:
    """Give a number as it is; none for what is no number."""
    if isinstance(value, decimal.Decimal | int):
        return decimal.Decimal(value)
    if isinstance(value, float) and math.isfinite(value):
        return value
    return None


def _decimals(numbers: Sequence[Number], unit: str) -> int:
    if all(not one % 1 for one in numbers):
        return 0
    greatest = max(abs(float(one)) for one in numbers)
    if unit == "currency":
        return 0 if greatest >= _DECIMALS[0][0] else 2
    most = next((few for least, few in _DECIMALS if greatest >= least), _MOST_DECIMALS)
    texts = [f"{one:.{most}f}" for one in numbers]
    return max((len(one.rstrip("0").partition(".")[2]) for one in texts), default=0)


def _percent(ratio: Number) -> str:
    if ratio and abs(float(ratio)) < _SMALL_RATIO:
        return f"{float(ratio) * 100:.1g} %"
    return _unsigned_zero(f"{ratio * 100:,.1f}") + " %"


def _unsigned_zero(text: str) -> str:
    return text.lstrip("-") if not text.strip("-0.,") else text


def _group_text(value: object, grain: str) -> str:
    if isinstance(value, dt.date) and _begins(value, grain):
        if grain == "quarter":
            return f"{value.year}-Q{(value.month + 2) // 3}"
        if grain in _PERIODS:
            return format(value, _PERIODS[grain])
    return shown(value)


def _begins(value: dt.date, grain: str) -> bool:
    """Whether a time is the beginning of a period, as all are that are cut off to its grain."""
    midnight = not isinstance(value, dt.datetime) or value.time() == dt.time()
    months = {"year": 12, "quarter": 3, "month": 1}.get(grain)
    return bool(months and midnight and value.day == 1 and (value.month - 1) % months == 0)
