"""The days that a question is about, out of the options that name them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from metrics_store.errors import MetricsStoreError
from metrics_store.query.spans.asked_period import PeriodSpan
from metrics_store.query.spans.period_days import days_of
from metrics_store.query.spans.period_parser import parse_named, parse_period

if TYPE_CHECKING:
    from metrics_store.query.spans.asked_period import AskedPeriod, NamedPeriod


@dataclass(frozen=True)
class AskedDays:
    """A start and an end, or a period whose days the project's calendar knows."""

    start: dt.datetime | None = None
    end: dt.datetime | None = None
    period: AskedPeriod | None = None


def asked_days(period: str | None, start: str | None, end: str | None) -> AskedDays:
    """Read the options.

    Args:
        period: A period, such as `2024-Q4` or `last 4 quarters`.
        start: A day, a time, or the name of a period that it begins.
        end: Likewise, of a period that it ends.

    Raises:
        UsageError: They contradict one another, or one is no day.
        MetricsStoreError: There is no such period.
    """
    if period is not None:
        if start or end:
            raise click.UsageError("--last, --this, --next and --in say start and end; leave these")
        return AskedDays(period=parse_period(period))
    first, last = _end("--start-time", start), _end("--end-time", end)
    if isinstance(first, dt.datetime) or isinstance(last, dt.datetime):
        return AskedDays(_time(first, last=False), _time(last, last=True))
    if first is None and last is None:
        return AskedDays()
    return AskedDays(period=PeriodSpan(first, last))


def _end(option: str, given: str | None) -> dt.datetime | dt.date | NamedPeriod | None:
    if given is None:
        return None
    try:
        return parse_named(given)
    except MetricsStoreError:
        pass
    try:
        time = dt.datetime.fromisoformat(given)
    except ValueError:
        time = None
    if time is None or time.tzinfo is not None:
        raise click.UsageError(
            f"{option} {given}: write a day such as 2024-01-31, a period such as 2024-Q1, or a "
            "time in UTC such as 2024-01-31T08:00:00"
        )
    return time


def _time(end: dt.date | NamedPeriod | None, *, last: bool) -> dt.datetime | None:
    """Give an end beside one that is a time of day."""
    if end is None or isinstance(end, dt.datetime):
        return end
    day = days_of(PeriodSpan(end, end), dt.date.min, {})[last]
    return None if day is None else dt.datetime.combine(day, dt.time())
