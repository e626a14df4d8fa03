"""Shares, metrics of metrics, and those of the month before."""

from __future__ import annotations

import datetime as dt

from corpus.right.seeds import ORDERS, Order, Row, buyers, grouped, month, revenue, share


def _paid_share(orders: list[Order]) -> float | None:
    return share(revenue(one for one in orders if one.status == "paid"), revenue(orders))


def _web_share(orders: list[Order]) -> float | None:
    # A part in which nothing was counted is unknown, not zero.
    return share(sum(one.channel == "web" for one in orders) or None, len(orders))


def _per_buyer(orders: list[Order]) -> float | None:
    return share(revenue(orders), buyers(orders))


def paid_share_by_month() -> list[Row]:
    return grouped(ORDERS, month, _paid_share)


def paid_share_by_region() -> list[Row]:
    return grouped(ORDERS, lambda order: order.region, _paid_share)


def paid_share_of_returns() -> list[Row]:
    return [(None,)]


def web_share() -> list[Row]:
    return [(_web_share(ORDERS),)]


def web_share_by_status() -> list[Row]:
    return grouped(ORDERS, lambda order: order.status, _web_share)


def revenue_per_buyer() -> list[Row]:
    return [(_per_buyer(ORDERS),)]


def revenue_per_buyer_by_month() -> list[Row]:
    return grouped(ORDERS, month, _per_buyer)


def _month_after(one: dt.date) -> dt.date:
    return (one + dt.timedelta(days=31)).replace(day=1)


def previous_month() -> list[Row]:
    found = grouped(ORDERS, month, revenue)
    return [(_month_after(one), value) for one, value in found]


def _quarter(one: dt.date) -> dt.date:
    return one.replace(month=(one.month - 1) // 3 * 3 + 1, day=1)


def previous_month_by_quarter() -> list[Row]:
    return grouped(ORDERS, lambda order: _quarter(_month_after(order.day.replace(day=1))), revenue)


def since_month_start_by_quarter() -> list[Row]:
    first_days = [order for order in ORDERS if order.day == _quarter(order.day)]
    first = dict(grouped(first_days, lambda order: order.day, revenue))
    rows: list[Row] = []
    for one, total in grouped(ORDERS, lambda order: _quarter(order.day), revenue):
        rows.append((one, total - first[one] if first.get(one) is not None else None))
    return rows


def growth_by_month() -> list[Row]:
    now = dict(grouped(ORDERS, month, revenue))
    before = dict(previous_month())
    rows: list[Row] = []
    for one in {*now, *before}:
        this, last = now.get(one), before.get(one)
        growth = None if this is None or last is None else share(this - last, last)
        rows.append((one, growth))
    return rows
