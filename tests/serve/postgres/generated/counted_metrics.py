"""Metrics of the market's orders, counted in plain Python from the rows of the seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.right.seeds import Order, amounts, average, buyers, median, revenue, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serve.postgres.generated.market_terms import Condition

Value = Any


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        of: What it is of orders.
        adds_up: Whether it may be summed.
        counts: The orders that it has a row for.
    """

    of: Callable[[list[Order]], Value]
    adds_up: bool = False
    counts: Callable[[Order], bool] = lambda _: True


def _paid(orders: list[Order]) -> list[Order]:
    return [order for order in orders if order.status == "paid"]


def _web_share(orders: list[Order]) -> float | None:
    web = sum(order.channel == "web" for order in orders)
    return share(web or None, len(orders))


METRICS = {
    "revenue": Metric(revenue, adds_up=True),
    "orders_placed": Metric(len, adds_up=True),
    "orders_paid": Metric(lambda orders: len(_paid(orders)), adds_up=True),
    "revenue_paid": Metric(
        lambda orders: revenue(_paid(orders)),
        adds_up=True,
        counts=lambda order: order.status == "paid",
    ),
    "buyers": Metric(buyers),
    "average_order": Metric(lambda orders: average(orders) if amounts(orders) else None),
    "median_order": Metric(lambda orders: median(orders) if amounts(orders) else None),
    "largest_order": Metric(lambda orders: max(amounts(orders), default=None)),
    "web_share": Metric(_web_share),
    "paid_share": Metric(lambda orders: share(revenue(_paid(orders)), revenue(orders))),
    "revenue_per_buyer": Metric(
        lambda orders: (
            None
            if revenue(orders) is None or not buyers(orders)
            else float(revenue(orders) or 0) / buyers(orders)
        )
    ),
}


@dataclass(frozen=True)
class Use:
    """A metric in a SELECT, under a filter of its own or none."""

    metric: str
    only: Condition | None = None


def counted(
    orders: Sequence[Order],
    keys: Sequence[Callable[[Order], Value]],
    uses: Sequence[Use],
    *,
    is_total: bool | None = None,
) -> list[tuple[Value, ...]]:
    """Group orders, and count the metrics of each group.

    A group has a row where it has an order that one of the metrics has a row for.
    """
    groups: dict[tuple[Value, ...], list[Order]] = {}
    for order in orders:
        groups.setdefault(tuple(key(order) for key in keys), []).append(order)
    if is_total or (is_total is None and not keys):
        groups.setdefault((), [])
    rows = []
    for group, held in groups.items():
        if (
            group
            and uses
            and not any(METRICS[use.metric].counts(one) for use in uses for one in held)
        ):
            continue
        rows.append((*group, *(_value(use, held, is_total=not keys) for use in uses)))
    return rows


def _value(use: Use, orders: list[Order], *, is_total: bool) -> Value:
    only = use.only
    found = orders if only is None else [one for one in orders if only.of(one) is True]
    metric = METRICS[use.metric]
    if not any(map(metric.counts, found)):
        # A count of different things is nought where there is a row all the same.
        return 0 if is_total and use.metric == "buyers" else None
    return metric.of(found)
