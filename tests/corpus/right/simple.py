"""Sums, counts and their like."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from corpus.right.seeds import (
    CUSTOMERS,
    ORDERS,
    VISITS,
    Order,
    Row,
    amounts,
    average,
    buyers,
    day,
    first_of_month,
    grouped,
    median,
    month,
    percentile_90,
    quarter,
    week,
    year,
)
from corpus.right.seeds import revenue as revenue_of


def revenue() -> list[Row]:
    return [(revenue_of(ORDERS),)]


def revenue_by_day() -> list[Row]:
    return grouped(ORDERS, day, revenue_of)


def revenue_by_week() -> list[Row]:
    return grouped(ORDERS, week, revenue_of)


def revenue_by_month() -> list[Row]:
    return grouped(ORDERS, month, revenue_of)


def revenue_by_quarter() -> list[Row]:
    return grouped(ORDERS, quarter, revenue_of)


def revenue_by_year() -> list[Row]:
    return grouped(ORDERS, year, revenue_of)


def revenue_by_region() -> list[Row]:
    return grouped(ORDERS, lambda order: order.region, revenue_of)


def orders_by_status() -> list[Row]:
    return grouped(ORDERS, lambda order: order.status, len)


def buyers_by_month() -> list[Row]:
    return grouped(ORDERS, month, buyers)


def largest_order_by_channel() -> list[Row]:
    return grouped(ORDERS, lambda order: order.channel, lambda orders: max(amounts(orders)))


def smallest_order_by_channel() -> list[Row]:
    return grouped(ORDERS, lambda order: order.channel, lambda orders: min(amounts(orders)))


def average_order_by_region() -> list[Row]:
    return grouped(ORDERS, lambda order: order.region, average)


def median_order_by_month() -> list[Row]:
    return grouped(ORDERS, month, median)


def median_order_by_region() -> list[Row]:
    """Give medians of which one has half a cent."""
    return grouped(ORDERS, lambda order: order.region, median)


def p90_order_by_status() -> list[Row]:
    return grouped(ORDERS, lambda order: order.status, percentile_90)


def orders_paid_by_month() -> list[Row]:
    return grouped(ORDERS, month, lambda orders: len(_paid(orders)))


def customers_by_sign_up_month() -> list[Row]:
    return grouped(CUSTOMERS.values(), lambda one: first_of_month(one.signed_up_on), len)


def customers_by_region() -> list[Row]:
    return grouped(CUSTOMERS.values(), lambda one: one.region, len)


def visits_by_source() -> list[Row]:
    return grouped(VISITS, lambda visit: visit.source, len)


def revenue_every_day_of_january() -> list[Row]:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(31)]
    return [
        (one, revenue_of(order for order in ORDERS if order.day == one) or Decimal())
        for one in days
    ]


def revenue_paid_by_month() -> list[Row]:
    return grouped(_paid(ORDERS), month, revenue_of)


def revenue_of_big_customers() -> list[Row]:
    orders_of = dict(grouped(ORDERS, lambda order: order.customer, len))
    return grouped(
        [order for order in ORDERS if order.customer and orders_of[order.customer] > 10],
        lambda order: order.customer,
        revenue_of,
    )


def two_tables_by_month() -> list[Row]:
    bought = dict(grouped(ORDERS, month, revenue_of))
    seen = dict(grouped(VISITS, month, len))
    return [(one, bought.get(one), seen.get(one)) for one in {*bought, *seen}]


def _paid(orders: list[Order]) -> list[Order]:
    return [order for order in orders if order.status == "paid"]
