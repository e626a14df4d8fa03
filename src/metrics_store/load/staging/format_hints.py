"""Which option of the command reads values that do not fit, for messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.load.contracts.data_types import DataType
    from metrics_store.load.load_options import Formats

_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-]\d{4}\b.*")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}")
_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_MOST_MONTHS = 12


def _day_hint(texts: Iterable[str]) -> str:
    """Name the options that read all of these days; a day after the 12th tells the two apart."""
    days = [found for text in texts if (found := _DAY.fullmatch(text))]
    if not days:
        return ""
    fits = []
    if all(int(day[1]) <= _MOST_MONTHS and day[2] != "." for day in days):
        fits.append("--dates us (month first)")
    if all(int(day[3]) <= _MOST_MONTHS for day in days):
        fits.append("--dates eu (day first)")
    return f"; {' or '.join(fits)} reads it" if fits else ""


def format_hint(texts: Iterable[str], data_type: DataType, formats: Formats) -> str:
    """Give what to add to what was expected of values; empty where no option helps.

    Args:
        texts: Some of the values that do not fit.
        data_type: The type they are meant for.
        formats: What the load was told of the file.
    """
    listed = list(texts)
    if data_type.kind in ("date", "timestamp") and formats.dates == "iso":
        return _day_hint(listed)
    if data_type.kind in ("numeric", "double precision") and not formats.decimal_comma:
        if any(_COMMA.fullmatch(text) for text in listed):
            return "; --decimal-comma reads 1.234,5"
        if any(_GROUPS.fullmatch(text) for text in listed):
            return ", without commas between the digits"
    return ""
