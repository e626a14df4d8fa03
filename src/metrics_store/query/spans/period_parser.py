"""Parses periods as people say and write them."""

from __future__ import annotations

import datetime as dt
import re

from metrics_store.errors import MetricsStoreError
from metrics_store.query.spans.asked_period import (
    FISCAL,
    AskedPeriod,
    NamedPeriod,
    PeriodSpan,
    Place,
    RelativePeriod,
)

EXPECTED = (
    "last 4 quarters, this month, next 30 days, 2024-Q4, 2024-12, 2024, FY2024-Q3, 2024-12-31, "
    "2024-Q1 to 2024-Q3, from 2024-Q1 or until 2024-Q3"
)
_MOST = 10_000
_RELATIVE = re.compile(r"(last|this|next)(?: (\d{1,6}))? ([a-z_ ]+)")
_NAMED = re.compile(
    r"(?P<fiscal>fy[ -]?)?(?P<year>\d{4})"
    r"(?:-?(?:q(?P<quarter>[1-4])|w(?P<week>\d{2}))|-(?P<month>\d{2}))?"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# How many there are of them at most in a year.
_LAST = {"quarter": 4, "month": 12, "week": 53}


def parse_period(text: str) -> AskedPeriod:
    """Understand a period.

    Args:
        text: Such as `last 4 quarters`, `2024-Q4` or `2024-Q1 to 2024-Q3`.

    Raises:
        MetricsStoreError: It is none.
    """
    words = " ".join(text.lower().split())
    relative = _RELATIVE.fullmatch(words)
    if relative is not None:
        return _relative(relative, text)
    if words.startswith("from ") and " to " in words:
        words = words.removeprefix("from ")
    for opener, is_start in (("from ", True), ("since ", True), ("until ", False)):
        if words.startswith(opener):
            named = parse_named(words.removeprefix(opener))
            return PeriodSpan(named, None) if is_start else PeriodSpan(None, named)
    first, found, last = words.partition(" to ")
    one = parse_named(first, text)
    return PeriodSpan(one, parse_named(last, text) if found else one)


def parse_named(text: str, whole: str = "") -> NamedPeriod | dt.date:
    """Understand the name of one period, such as `2024-Q4` or `FY2024-Q3`, or a day.

    Args:
        text: The name.
        whole: What it is a part of, for the error.

    Raises:
        MetricsStoreError: It is none.
    """
    found = _NAMED.fullmatch(text.strip().lower())
    if found is None:
        return _day(text.strip(), whole or text)
    grain = next((one for one in _LAST if found[one]), "year")
    number = 1 if grain == "year" else int(found[grain])
    is_fiscal = bool(found["fiscal"])
    if not 1 <= number <= _LAST.get(grain, 1) or (is_fiscal and grain not in ("quarter", "year")):
        raise _unknown(whole or text)
    return NamedPeriod(f"{FISCAL if is_fiscal else ''}{grain}", int(found["year"]), number)


def _day(text: str, whole: str) -> dt.date:
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise _unknown(whole)


def _relative(found: re.Match[str], text: str) -> RelativePeriod:
    place, count = Place(found[1]), int(found[2] or 1)
    if not 1 <= count <= _MOST or (place is Place.THIS and found[2]):
        raise _unknown(text)
    grain = found[3].strip().replace(" ", "_")
    return RelativePeriod(place, count, grain.removesuffix("s"))


def _unknown(text: str) -> MetricsStoreError:
    return MetricsStoreError(
        "there is no such period", where=text.strip() or "an empty text", expected=EXPECTED
    )
