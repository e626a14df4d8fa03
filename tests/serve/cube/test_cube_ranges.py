"""Ranges of dates: what words and dates mean, counted from a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.spans.period_days import days_of
from metrics_store.serve.cube.forms.cube_ranges import read_range

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest

# A Wednesday.
REFERENCE = dt.date(2024, 5, 15)


def dated(request: MetricRequest, reference: dt.date = REFERENCE) -> MetricRequest:
    """Do what the engine does, without a calendar of a project's own."""
    assert request.period is not None
    first, last = (
        None if one is None else dt.datetime.combine(one, dt.time())
        for one in days_of(request.period, reference, {})
    )
    return dataclasses.replace(request, start_time=first, end_time=last, period=None)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2024-05-15", "2024-05-15"),
        ("Yesterday", "2024-05-14", "2024-05-14"),
        ("tomorrow", "2024-05-16", "2024-05-16"),
        ("this week", "2024-05-13", "2024-05-19"),
        ("last week", "2024-05-06", "2024-05-12"),
        ("this month", "2024-05-01", "2024-05-31"),
        ("last month", "2024-04-01", "2024-04-30"),
        ("next month", "2024-06-01", "2024-06-30"),
        ("last quarter", "2024-01-01", "2024-03-31"),
        ("this quarter", "2024-04-01", "2024-06-30"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("last 6 month", "2023-11-01", "2024-04-30"),
        ("last  3 months", "2024-02-01", "2024-04-30"),
        ("next 2 weeks", "2024-05-20", "2024-06-02"),
        ("from 90 days ago to now", "2024-02-15", "2024-05-15"),
        ("from 7 days ago to today", "2024-05-08", "2024-05-15"),
        ("from now to 2 weeks from now", "2024-05-15", "2024-05-29"),
        ("from 1 month ago to yesterday", "2024-04-15", "2024-05-14"),
        ("from 2024-01-05 to 2024-02-06", "2024-01-05", "2024-02-06"),
        ("from a year ago to 2024-01-31", "2023-05-15", "2024-01-31"),
        ("3 days ago", "2024-05-12", "2024-05-12"),
        ("in 3 days", "2024-05-18", "2024-05-18"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
    ],
)
def test_words(words: str, first: str, last: str) -> None:
    found = read_range(words, dated)
    assert found.texts == (f"{first}T00:00:00.000", f"{last}T23:59:59.999")


def test_the_last_day_of_a_quarter_ends_it() -> None:
    """As everywhere in the store: on a period's last day it is over."""
    found = read_range("last quarter", lambda one: dated(one, dt.date(2024, 3, 31)))
    assert found.texts == ("2024-01-01T00:00:00.000", "2024-03-31T23:59:59.999")


def test_a_month_before_a_longer_ones_end_is_its_last_day() -> None:
    found = read_range("from 1 month ago to now", lambda one: dated(one, dt.date(2024, 3, 31)))
    assert found.texts[0] == "2024-02-29T00:00:00.000"


@pytest.mark.parametrize(
    ("ends", "texts"),
    [
        (["2024-01-05"], ("2024-01-05T00:00:00.000", "2024-01-05T23:59:59.999")),
        (["2024-01-05", "2024-01-06"], ("2024-01-05T00:00:00.000", "2024-01-06T23:59:59.999")),
        (
            ["2024-01-05T08:30:00.000", "2024-01-05T09:29:59.999"],
            ("2024-01-05T08:30:00.000", "2024-01-05T09:29:59.999"),
        ),
        (
            ["2024-01-05 08:30", "2024-01-06T00:30:00+02:00"],
            ("2024-01-05T08:30:00.000", "2024-01-05T22:30:00.000"),
        ),
        (["last month"], ("2024-04-01T00:00:00.000", "2024-04-30T23:59:59.999")),
    ],
)
def test_dates(ends: list[str], texts: tuple[str, str]) -> None:
    assert read_range(ends, dated).texts == texts


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("last 24 hours", "the reference date is a day"),
        ("from 1 hour ago to now", "the reference date is a day"),
        ("the other day", "there is no such range of dates"),
        ("from 2024-01-01", "there is no such range of dates"),
        ("2024-02-30", "there is no such range of dates"),
        ("from 99999 years ago to now", "there is no such range of dates"),
        ("", "there is no such range of dates"),
        (["2024-01-05", "yesterday"], "there is no such range of dates"),
        (["2024-01-05T25:00", "2024-01-06"], "there is no such range of dates"),
        (["2024-01-06", "2024-01-05"], "a range of dates ends before it starts"),
        (["0001-01-01T00:00+14:00"], "there is no such range of dates"),
        ("'; drop table orders --", "there is no such range of dates"),
    ],
)
def test_what_is_no_range(given: str | list[str], words: str) -> None:
    with pytest.raises(MetricsStoreError, match=words):
        read_range(given, dated)
