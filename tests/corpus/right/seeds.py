"""The market's seeds as they lie there, and small sums over them."""

from __future__ import annotations

import csv
import datetime as dt
import statistics
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SEEDS = Path(__file__).parents[2] / "market_project" / "seeds"
# The time spine's.
FIRST_DAY, LAST_DAY = dt.date(2023, 12, 1), dt.date(2024, 12, 31)
ONE_DAY = dt.timedelta(days=1)

Row = tuple[Any, ...]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Agent:
    number: int
    name: str | None
    team: str | None
    hired_on: dt.date | None


@dataclass(frozen=True)
class Customer:
    number: int
    name: str
    region: str | None
    signed_up_on: dt.date
    agent: int | None


@dataclass(frozen=True)
class Order:
    number: int
    customer: int | None
    day: dt.date
    status: str
    channel: str
    amount: Decimal | None
    quantity: int

    @property
    def region(self) -> str | None:
        return CUSTOMERS[self.customer].region if self.customer else None

    @property
    def name(self) -> str | None:
        return CUSTOMERS[self.customer].name if self.customer else None


@dataclass(frozen=True)
class Visit:
    customer: int
    day: dt.date
    source: str


@dataclass(frozen=True)
class Shelf:
    day: dt.date
    store: str
    item: str
    quantity: int


def _read(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"raw_{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


AGENTS = {
    int(row["agent_id"]): Agent(
        int(row["agent_id"]),
        row["agent_name"],
        row["team"] or None,
        dt.date.fromisoformat(row["hired_on"]),
    )
    for row in _read("agents")
}
CUSTOMERS = {
    int(row["customer_id"]): Customer(
        int(row["customer_id"]),
        row["customer_name"],
        row["region"] or None,
        dt.date.fromisoformat(row["signed_up_on"]),
        int(row["agent_id"]) if row["agent_id"] else None,
    )
    for row in _read("customers")
}
ORDERS = [
    Order(
        int(row["order_id"]),
        int(row["customer_id"]) if row["customer_id"] else None,
        dt.datetime.fromisoformat(row["ordered_at"]).date(),
        row["status"],
        row["channel"],
        Decimal(row["amount"]) if row["amount"] else None,
        int(row["quantity"]),
    )
    for row in _read("orders")
]
VISITS = [
    Visit(int(row["customer_id"]), dt.date.fromisoformat(row["visited_on"]), row["source"])
    for row in _read("visits")
]
SHELVES = [
    Shelf(dt.date.fromisoformat(row["stock_day"]), row["store"], row["item"], int(row["quantity"]))
    for row in _read("stock")
]
DAYS = [FIRST_DAY + ONE_DAY * number for number in range((LAST_DAY - FIRST_DAY).days + 1)]


def day(one: Any) -> dt.date:  # noqa: ANN401 - whatever has a day
    found: dt.date = one.day
    return found


def week(one: Any) -> dt.date:  # noqa: ANN401
    return day(one) - ONE_DAY * day(one).weekday()


def month(one: Any) -> dt.date:  # noqa: ANN401
    return first_of_month(day(one))


def quarter(one: Any) -> dt.date:  # noqa: ANN401
    return first_of_quarter(day(one))


def year(one: Any) -> dt.date:  # noqa: ANN401
    return day(one).replace(month=1, day=1)


def market_quarter(one: Any) -> dt.date:  # noqa: ANN401
    """Give the quarter that begins in February, May, August or November."""
    before = (month(one) - ONE_DAY).replace(day=1)
    start = before.replace(month=(before.month - 1) // 3 * 3 + 1)
    return (start + ONE_DAY * 31).replace(day=1)


def first_of_month(one: dt.date) -> dt.date:
    return one.replace(day=1)


def first_of_quarter(one: dt.date) -> dt.date:
    return one.replace(month=(one.month - 1) // 3 * 3 + 1, day=1)


def grouped(
    things: Iterable[Thing],
    key: Callable[[Thing], Any],
    *values: Callable[[list[Thing]], object],
) -> list[Row]:
    """Put things with equal keys together, and work out values of each."""
    found: dict[Any, list[Thing]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return [
        ((*one,) if isinstance(one, tuple) else (one,)) + tuple(value(held) for value in values)
        for one, held in found.items()
    ]


def amounts(orders: Iterable[Order]) -> list[Decimal]:
    return [order.amount for order in orders if order.amount is not None]


def revenue(orders: Iterable[Order]) -> Decimal | None:
    """Sum amounts; of no amounts there is no sum."""
    found = amounts(orders)
    return sum(found, Decimal()) if found else None


def buyers(orders: Iterable[Order]) -> int:
    return len({order.customer for order in orders if order.customer is not None})


def median(orders: Iterable[Order]) -> float:
    return float(statistics.median(amounts(orders)))


def average(orders: Iterable[Order]) -> float:
    found = amounts(orders)
    return float(sum(found, Decimal())) / len(found)


def percentile_90(orders: Iterable[Order]) -> Decimal:
    """Give the least amount that nine tenths do not exceed."""
    found = sorted(amounts(orders))
    return found[-(-len(found) * 9 // 10) - 1]


def share(part: Decimal | int | None, whole: Decimal | int | None) -> float | None:
    return None if part is None or not whole else float(part) / float(whole)
