"""Values and columns in the units of their metrics."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = "\u2013"
RATIO = "ratio"
# Units that values of parts cannot be added up in.
NOT_ADDITIVE = frozenset({RATIO, "days", "points"})
_CURRENCY = "currency"
_CENTS_BELOW = 1000
_MIDNIGHT = dt.time()


def shown(value: object, unit: str | None) -> str:
    """Give a value as people read it, with its unit where that is not plain from the metric."""
    if value is None:
        return MISSING
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == _MIDNIGHT else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool) or not isinstance(value, int | float | decimal.Decimal):
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        return MISSING
    return _number(number, unit)


def _number(number: float, unit: str | None) -> str:
    if unit == RATIO:
        return f"{number:.1%}"
    if unit == "days":
        return f"{number:,.1f} days"
    if unit == _CURRENCY and abs(number) >= _CENTS_BELOW:
        return f"{number:,.0f}"
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"


def axis_format(unit: str | None) -> str:
    """Give the format of an axis, in the words of Vega-Lite."""
    return ".0%" if unit == RATIO else "~s"


def tooltip_format(unit: str | None) -> str:
    """Give the format of a value that is pointed at, likewise."""
    return ".1%" if unit == RATIO else ",.2~f"


def column_formats(
    table: pa.Table, labels: Mapping[str, str], units: Mapping[str, str]
) -> dict[str, Any]:
    """Give the columns of a table: their labels, days as days, and numbers in their units.

    Args:
        table: The table.
        labels: Column -> what stands above it.
        units: Column of a metric -> its unit.
    """
    found: dict[str, Any] = {}
    for name, label in labels.items():
        if pa.types.is_timestamp(table.schema.field(name).type):
            found[name] = st.column_config.DatetimeColumn(label, format=_time_format(table, name))
        elif name not in units:
            found[name] = st.column_config.Column(label)
        elif units[name] == RATIO:
            found[name] = st.column_config.NumberColumn(label, format="percent")
        else:
            found[name] = st.column_config.NumberColumn(label, format="localized")
    return found


def _time_format(table: pa.Table, name: str) -> str:
    times = table.column(name).to_pylist()
    whole_days = all(one is None or one.time() == _MIDNIGHT for one in times)
    return "YYYY-MM-DD" if whole_days else "YYYY-MM-DD HH:mm"
