"""What functions in filters leave."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from corpus.right.multi_hop import agent_of
from corpus.right.ratio_and_derived import previous_month
from corpus.right.seeds import ORDERS, Order, Row, grouped, quarter, revenue

if TYPE_CHECKING:
    from collections.abc import Callable


def _where(holds: Callable[[Order], object]) -> list[Order]:
    return [order for order in ORDERS if holds(order)]


def _count(holds: Callable[[Order], object]) -> list[Row]:
    return [(len(_where(holds)),)]


def _team(order: Order) -> str:
    return (agent_of(order).team or "").lower()


def lower() -> list[Row]:
    return _count(lambda one: _team(one) == "äpfel")


def upper() -> list[Row]:
    return _count(lambda one: _team(one) in ("harvest", "orchard"))


def ilike() -> list[Row]:
    return grouped(_where(lambda one: "ar" in _team(one)), lambda one: agent_of(one).team, len)


def coalesce() -> list[Row]:
    return _count(lambda one: one.region is None)


def year() -> list[Row]:
    return _count(lambda one: one.day.year == 2024)


def month() -> list[Row]:
    return _count(lambda one: one.day.month == 2)


def weekend() -> list[Row]:
    return _count(lambda one: one.day.isoweekday() >= 6)


iso_weekend = weekend


def week() -> list[Row]:
    return _count(lambda one: one.day.isocalendar().week <= 6)


def day_of_year() -> list[Row]:
    return _count(lambda one: one.day.timetuple().tm_yday <= 60 and one.day.day > 20)


def trunc() -> list[Row]:
    first = _where(lambda one: quarter(one) == dt.date(2024, 1, 1))
    return grouped(first, lambda one: one.channel, revenue)


def cast_to_day() -> list[Row]:
    return [(revenue(_where(lambda o: dt.date(2024, 2, 10) <= o.day <= dt.date(2024, 3, 10))),)]


def cast_by_colons() -> list[Row]:
    return [(revenue(_where(lambda o: dt.date(2024, 2, 11) <= o.day <= dt.date(2024, 3, 10))),)]


def cast_to_text() -> list[Row]:
    return _count(lambda one: one.customer == 3)


def arithmetic() -> list[Row]:
    return _count(lambda one: one.quantity == 4)


def always() -> list[Row]:
    return _count(lambda _: True)


def always_beside() -> list[Row]:
    return _count(lambda one: one.status == "paid")


def never() -> list[Row]:
    return []


def never_of_a_growth() -> list[Row]:
    return []


def always_of_a_growth() -> list[Row]:
    return previous_month()


def year_of_a_growth() -> list[Row]:
    return [row for row in previous_month() if row[0].year == 2024]
