"""Ranges of dates as Cube's queries have them, absolute ones and ones from the reference date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.periods import later
from metrics_store.query.spans.period_parser import parse_period

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # Gives the days of a period from the reference date.
    Dated = Callable[[MetricRequest], MetricRequest]

EXPECTED = (
    "YYYY-MM-DD, YYYY-MM-DDTHH:mm:ss.SSS, today, yesterday, tomorrow, this month, last quarter, "
    "next week, last 30 days, from 90 days ago to now, 2024-Q4, or a list of two dates"
)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>[t ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(z|[+-]\d{2}(:?\d{2})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_STEP = re.compile(
    r"(?P<count>\d{1,5}|an?|one) (?P<unit>day|week|month|quarter|year)s? (?P<to>ago|from now)"
    r"|in (?P<later>\d{1,5}|an?|one) (?P<unit_later>day|week|month|quarter|year)s?",
    re.ASCII,
)
_CLOCK = re.compile(r"\b(hour|minute|second|millisecond)s?\b")
_NAMED = {"now": 0, "today": 0, "yesterday": -1, "tomorrow": 1}
_LAST_SECOND = dt.time(23, 59, 59)

# A day is the whole of it; a time is a moment.
Moment = dt.date | dt.datetime


@dataclass(frozen=True)
class DateRange:
    """A range; both of its ends count.

    Attributes:
        first: Its first day, or first moment.
        last: Its last day, the whole of it, or last moment.
    """

    first: Moment
    last: Moment

    @property
    def texts(self) -> tuple[str, str]:
        """Its ends as Cube writes them: a day is padded to its end."""
        return moment_text(self.first), moment_text(self.last, is_end=True)


def moment_text(moment: Moment, *, is_end: bool = False) -> str:
    """Write a moment as Cube does."""
    if not isinstance(moment, dt.datetime):
        return f"{moment.isoformat()}T{'23:59:59.999' if is_end else '00:00:00.000'}"
    return moment.isoformat(timespec="milliseconds")


def read_moment(text: str, *, is_end: bool = False) -> Moment:
    """Read a day or a time; one at a day's start, or at an end's very end, is that day.

    Raises:
        MetricsStoreError: It is none.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise unknown_range(text)
    try:
        if found["time"] is None:
            return dt.date.fromisoformat(text.strip())
        moment = dt.datetime.fromisoformat(text.strip().upper())
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise unknown_range(text) from None
    whole = moment.time() >= _LAST_SECOND if is_end else moment.time() == dt.time()
    return moment.date() if whole else moment


def read_range(given: str | Sequence[str], dated: Dated) -> DateRange:
    """Understand a range: two dates, one of them twice, or words.

    Args:
        given: The range.
        dated: Gives a request with the days of its period, counted from the reference date.

    Raises:
        MetricsStoreError: It is none, or ends before it starts.
    """
    if isinstance(given, str):
        found = _of_words(given, dated)
    elif len(given) == 1 and not _MOMENT.fullmatch(given[0].strip()):
        found = _of_words(given[0], dated)
    else:
        found = DateRange(read_moment(given[0]), read_moment(given[-1], is_end=True))
    if found.texts[0] > found.texts[1]:
        raise MetricsStoreError(
            "a range of dates ends before it starts",
            where=" to ".join(found.texts),
            remedy="say the earlier of the two first",
        )
    return found


def _of_words(given: str, dated: Dated) -> DateRange:
    words = " ".join(given.lower().split())
    first, separator, last = words.removeprefix("from ").partition(" to ")
    if separator:
        start, end = _point(first, dated), _point(last, dated, is_end=True)
        if start is not None and end is not None:
            return DateRange(start, end)
    else:
        point, end = _point(words, dated), _point(words, dated, is_end=True)
        if point is not None and end is not None:
            return DateRange(point, end)
    if _CLOCK.search(words):
        raise MetricsStoreError(
            "the reference date is a day, from which no hours are counted",
            where=given,
            remedy="write both times out: [2024-01-31T08:00:00, 2024-01-31T09:00:00]",
        )
    try:
        found = dated(MetricRequest(period=parse_period(words)))
    except MetricsStoreError as error:
        raise unknown_range(given) if error.what == "there is no such period" else error from None
    if found.start_time is None or found.end_time is None:
        raise unknown_range(given)
    return DateRange(found.start_time.date(), found.end_time.date())


def _point(words: str, dated: Dated, *, is_end: bool = False) -> Moment | None:
    """Understand a day by itself, or a moment; none where it is something else."""
    if _MOMENT.fullmatch(words):
        return read_moment(words, is_end=is_end)
    if words in _NAMED:
        return _moved(_reference(dated), _NAMED[words], "day", words)
    step = _STEP.fullmatch(words)
    if step is None:
        return None
    count = step["count"] or step["later"]
    steps = int(count) if count.isdigit() else 1
    backwards = step["to"] == "ago"
    unit = step["unit"] or step["unit_later"]
    return _moved(_reference(dated), -steps if backwards else steps, unit, words)


def _reference(dated: Dated) -> dt.date:
    """Give the day that words count from: the reference date, or today where there is none."""
    this_day = dated(MetricRequest(period=parse_period("this day"))).start_time
    assert this_day is not None  # noqa: S101 - a day has a start
    return this_day.date()


def _moved(day: dt.date, count: int, unit: str, words: str) -> dt.date:
    """Give the day some units later; of a shorter month it is the last one."""
    try:
        return later(day, count, unit)
    except (OverflowError, ValueError):
        raise unknown_range(words) from None


def unknown_range(text: str) -> MetricsStoreError:
    """Give the error for what is no range."""
    return MetricsStoreError(
        "there is no such range of dates", where=text[:80] or "an empty text", expected=EXPECTED
    )
