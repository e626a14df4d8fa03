"""What is accumulated, as of each period's own last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from corpus.right.seeds import (
    DAYS,
    ORDERS,
    Order,
    Row,
    first_of_month,
    first_of_quarter,
    revenue,
)

if TYPE_CHECKING:
    from decimal import Decimal

Start = Callable[[dt.date], dt.date]
Slice = Callable[[Order], Any]


def _ever(_: dt.date) -> dt.date:
    return DAYS[0]


def _seven_days(one: dt.date) -> dt.date:
    return one - dt.timedelta(days=6)


def _accumulated(
    orders: list[Order],
    starts: Start,
    period: Callable[[dt.date], dt.date],
    of: Slice | None = None,
) -> list[Row]:
    """Give what each period's last day has; a period is there if any of its days has an order."""
    days_of: dict[dt.date, list[dt.date]] = {}
    for one in DAYS:
        days_of.setdefault(period(one), []).append(one)
    rows: list[Row] = []
    for part in {of(order) for order in orders} if of else {None}:
        held = [order for order in orders if of is None or of(order) == part]
        for first, days in days_of.items():
            within = [[o for o in held if starts(one) <= o.day <= one] for one in days]
            if any(within):
                key = (first,) if of is None else (first, part)
                rows.append((*key, revenue(within[-1])))
    return rows


def to_date_alone() -> list[Row]:
    return [(revenue(ORDERS),)]


def to_date_by_month() -> list[Row]:
    return _accumulated(ORDERS, _ever, first_of_month)


def month_to_date_by_month() -> list[Row]:
    return _accumulated(ORDERS, first_of_month, first_of_month)


def month_to_date_by_quarter() -> list[Row]:
    return _accumulated(ORDERS, first_of_month, first_of_quarter)


def seven_days_by_month() -> list[Row]:
    return _accumulated(ORDERS, _seven_days, first_of_month)


def seven_days_by_month_and_region() -> list[Row]:
    return _accumulated(ORDERS, _seven_days, first_of_month, lambda order: order.region)


def seven_days_by_month_and_status() -> list[Row]:
    return _accumulated(ORDERS, _seven_days, first_of_month, lambda order: order.status)


def seven_days_of_the_web() -> list[Row]:
    web = [order for order in ORDERS if order.channel == "web"]
    return _accumulated(web, _seven_days, first_of_month)


def _week(one: dt.date) -> dt.date:
    return one - dt.timedelta(days=one.weekday())


def all_accumulated() -> list[Row]:
    each = [
        dict(_accumulated(ORDERS, start, _week)) for start in (_ever, first_of_month, _seven_days)
    ]
    weeks = sorted(set().union(*each))[:12]
    return [(week, *(found.get(week) for found in each)) for week in weeks]


def of_months(first: dt.date, last: dt.date) -> list[tuple[dt.date, Decimal | None]]:
    """Give what was accumulated by the end of each month from one to another."""
    found = {row[0]: row[1] for row in to_date_by_month()}
    return [(one, value) for one, value in found.items() if first <= one <= last]
