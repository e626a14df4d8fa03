"""The same sums by other things."""

from __future__ import annotations

from corpus.right.seeds import (
    CUSTOMERS,
    ORDERS,
    Row,
    Shelf,
    first_of_month,
    grouped,
    market_quarter,
    revenue,
)
from corpus.right.semi_additive import _on_the_day, _pieces


def by_entity() -> list[Row]:
    return grouped(ORDERS, lambda order: order.customer, revenue)


def by_primary_entity() -> list[Row]:
    return sorted((one.number, one.amount) for one in ORDERS)[:7]


def _shelf(shelf: Shelf) -> str:
    return f"{shelf.store} {shelf.item}"


def by_shelf() -> list[Row]:
    return grouped(_on_the_day(), _shelf, _pieces)


def by_name() -> list[Row]:
    return grouped(ORDERS, lambda order: order.name, len)


def by_joined_time() -> list[Row]:
    return grouped(
        ORDERS,
        lambda one: first_of_month(CUSTOMERS[one.customer].signed_up_on) if one.customer else None,
        revenue,
    )


def by_extracted_month() -> list[Row]:
    return grouped(ORDERS, lambda order: order.day.month, revenue)


def by_extracted_weekday() -> list[Row]:
    """Count by weekday, Monday the first."""
    return grouped(ORDERS, lambda order: order.day.isoweekday(), len)


def by_market_quarter() -> list[Row]:
    return grouped(ORDERS, market_quarter, revenue)


def by_flag() -> list[Row]:
    return grouped(ORDERS, lambda one: None if one.amount is None else one.amount > 500, revenue)


def by_number() -> list[Row]:
    return grouped(ORDERS, lambda order: order.quantity, len)
