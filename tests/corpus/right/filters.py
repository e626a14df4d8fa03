"""What filters leave."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from corpus.right.seeds import ORDERS, Order, Row, grouped, market_quarter, revenue

if TYPE_CHECKING:
    from collections.abc import Callable


def _where(holds: Callable[[Order], bool | None]) -> list[Order]:
    return [order for order in ORDERS if holds(order)]


def equal() -> list[Row]:
    return [(len(_where(lambda one: one.status == "paid")),)]


def not_equal() -> list[Row]:
    return grouped(_where(lambda one: one.status != "paid"), lambda one: one.status, len)


def less() -> list[Row]:
    return [(len(_where(lambda one: one.quantity < 3)),)]


def one_of() -> list[Row]:
    found = _where(lambda one: one.status in {"open", "returned"})
    return grouped(found, lambda one: one.status, revenue)


def between_numbers() -> list[Row]:
    return [(len(_where(lambda one: 2 <= one.quantity <= 4)),)]


def is_null() -> list[Row]:
    return [(revenue(_where(lambda one: one.region is None)),)]


def and_or() -> list[Row]:
    found = _where(lambda one: one.status == "paid" and (one.channel == "web" or one.quantity == 1))
    return grouped(found, lambda one: (one.status, one.channel), len)


def flag() -> list[Row]:
    return [(len(_where(lambda one: one.amount is not None and one.amount > 500)),)]


def apostrophe() -> list[Row]:
    return [(len(_where(lambda one: one.name == "O'Neil")),)]


def accent() -> list[Row]:
    return [(len(_where(lambda one: one.name == "Ève")),)]


def by_entity() -> list[Row]:
    return grouped(_where(lambda one: one.customer == 5), lambda one: one.status, revenue)


def date_literal() -> list[Row]:
    return [(revenue(_where(lambda one: one.day < dt.date(2024, 3, 1))),)]


def of_market_quarter() -> list[Row]:
    return [(revenue(_where(lambda one: market_quarter(one) == dt.date(2024, 2, 1))),)]


def by_metric() -> list[Row]:
    orders_of = dict(grouped(ORDERS, lambda one: one.customer, len))
    found = _where(lambda one: one.customer is not None and orders_of[one.customer] >= 12)
    return grouped(found, lambda one: one.customer, revenue)


def nothing_left() -> list[Row]:
    return []


def nothing_left_alone() -> list[Row]:
    return [(None, None)]
