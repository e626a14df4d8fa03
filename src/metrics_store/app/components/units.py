"""Values and columns in the units of their metrics."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from metrics_store.query.output.value_texts import RATIO

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = "\u2013"
# Units that values of parts cannot be added up in.
NOT_ADDITIVE = frozenset({RATIO, "days", "points"})
_CURRENCY = "currency"
_CENTS_BELOW = 1000
# From each of these sizes on a card has a letter in the place of so many digits.
_LETTERS = ((-9, "B"), (-6, "M"))
_MIDNIGHT = dt.time()
# Units that a heading has to tell, because the number does not.
_TOLD = frozenset({"days", "points"})
_COLUMN_FORMATS: dict[str, Any] = {RATIO: "percent", _CURRENCY: "accounting"}


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


def short(value: object, unit: str | None) -> str:
    """Give a value so short that a card has room for it: millions as M."""
    if unit == RATIO or isinstance(value, bool):
        return shown(value, unit)
    if isinstance(value, int | float | decimal.Decimal) and math.isfinite(value):
        exact = decimal.Decimal(value)
        for shift, letter in _LETTERS:
            if exact.adjusted() >= abs(shift):
                return f"{exact.scaleb(shift):,.1f}{letter}"
    return shown(value, unit)


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
        else:
            unit = units[name]
            heading = f"{label}, {unit}" if unit in _TOLD else label
            form = _COLUMN_FORMATS.get(unit, "localized")
            found[name] = st.column_config.NumberColumn(heading, format=form)
    return found


def _time_format(table: pa.Table, name: str) -> str:
    times = table.column(name).to_pylist()
    whole_days = all(one is None or one.time() == _MIDNIGHT for one in times)
    return "YYYY-MM-DD" if whole_days else "YYYY-MM-DD HH:mm"
