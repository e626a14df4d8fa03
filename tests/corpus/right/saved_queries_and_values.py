"""What a saved query gives, and which values there are."""

from __future__ import annotations

from corpus.right.seeds import CUSTOMERS, ORDERS, Row, grouped, month, revenue


def saved() -> list[Row]:
    paid = [order for order in ORDERS if order.status == "paid"]
    return grouped(paid, lambda one: (month(one), one.region), revenue, len)


def saved_by_a_part_of_a_time() -> list[Row]:
    return grouped(ORDERS, lambda one: one.day.month, revenue)


def values() -> list[Row]:
    return [(status,) for status in {order.status for order in ORDERS}]


def values_of_a_joined_dimension() -> list[Row]:
    return [(region,) for region in {one.region for one in CUSTOMERS.values()}]


def values_of_metrics() -> list[Row]:
    return [(channel,) for channel in {order.channel for order in ORDERS}]


def group_by_alone_ordered() -> list[Row]:
    return [(region,) for region in ("south", "north", "east")]
