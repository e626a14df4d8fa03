"""Small random tables of balances, and what is asked of them worked out row by row."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

DAYS = [dt.date(2024, 1, 20) + dt.timedelta(days=number) for number in range(75)]
REGIONS = ["EU", "US", None]
COUNTRIES = {1: "FR", 2: "DE", 3: None}


@dataclass(frozen=True)
class Balance:
    number: int
    account: int
    day: dt.date
    made: dt.date
    region: str | None
    amount: int


Period = Callable[[dt.date], Any]
Holds = Callable[[Balance], bool]
OnDay = Callable[[dt.date], bool]
Key = tuple[Any, ...]

PERIODS: dict[str, Period] = {
    "day": lambda day: day,
    "week": lambda day: day - dt.timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
    "extract_month": lambda day: day.month,
    "extract_day": lambda day: day.day,
    "ten_days": lambda day: f"{day:%Y-%m}-{min(day.day // 10, 2)}",
}
SLICES: dict[str, Callable[[Balance], Any]] = {
    "balance__region": lambda row: row.region,
    "account__country": lambda row: COUNTRIES[row.account],
    "account": lambda row: row.account,
}


def _always(_: object) -> bool:
    return True


def random_table(seed: int, rows: int = 25) -> list[Balance]:
    """Give balances on some of the days, often none on a period's last for a region."""
    choose = random.Random(seed)
    days = choose.sample(DAYS[:-10], 18)
    return [
        Balance(
            number,
            choose.randint(1, 3),
            choose.choice(days),
            choose.choice(days),
            choose.choice(REGIONS),
            choose.randint(1, 99),
        )
        for number in range(rows)
    ]


def key_of(group_by: str, row: Balance, day: dt.date) -> Key:
    return tuple(
        SLICES[name](row) if name in SLICES else PERIODS[name.rpartition("__")[2]](day)
        for name in group_by.split()
    )


def semi_additive(  # noqa: PLR0913 - a question has many parts
    table: Iterable[Balance],
    group_by: str,
    *,
    first: bool = False,
    an_account: bool = False,
    on_day: OnDay = _always,
    holds: Holds = _always,
) -> dict[Key, int]:
    """Sum what holds on the last day, or first, that the periods have among all rows."""
    periods = " ".join(name for name in group_by.split() if name not in SLICES)
    found: dict[Key, dt.date] = {}
    of_row: list[tuple[Balance, Key]] = []
    for row in table:
        if on_day(row.day):
            period = (*key_of(periods, row, row.day), row.account if an_account else None)
            of_row.append((row, period))
            best = min if first else max
            found[period] = best(found.get(period, row.day), row.day)
    totals: dict[Key, int] = defaultdict(int)
    for row, period in of_row:
        if row.day == found[period] and holds(row):
            totals[key_of(group_by, row, row.day)] += row.amount
    return dict(totals)


def accumulated(  # noqa: PLR0913 - as many
    table: Iterable[Balance],
    group_by: str,
    starts: Callable[[dt.date], dt.date],
    period_agg: str,
    *,
    fill: int | None = None,
    on_day: OnDay = _always,
    holds: Holds = _always,
) -> dict[Key, float | None]:
    """Accumulate to each day from where it starts, and take the period's days together."""
    rows = [row for row in table if holds(row)]
    days = [day for day in DAYS if on_day(day)]
    periods = " ".join(name for name in group_by.split() if name not in SLICES)
    of_period: dict[Key, list[dt.date]] = defaultdict(list)
    values: dict[Key, dict[dt.date, int]] = defaultdict(dict)
    for day in days:
        for row in rows:
            if starts(day) <= row.day <= day:
                by_day = values[key_of(group_by, row, day)]
                by_day[day] = by_day.get(day, 0) + row.amount
        for period in _periods_of(periods, day):
            of_period[period].append(day)
    answer: dict[Key, float | None] = {}
    for key, by_day in values.items():
        [its_days] = [of_period[one] for one in _periods_of(periods, next(iter(by_day)))]
        each = [by_day.get(day, fill) for day in its_days]
        present = [value for value in each if value is not None]
        answer[key] = {
            "first": each[0],
            "last": each[-1],
            "average": sum(present) / len(present) if present else None,
        }[period_agg]
    return answer


def _periods_of(names: str, day: dt.date) -> Iterator[Key]:
    yield tuple(PERIODS[name.rpartition("__")[2]](day) for name in names.split())
