"""Each of Cube's operators keeps the rows that plain Python keeps, NULL and all.

What an operator means is written down here a second time: by Cube's own SQL, over single values.
"""

from __future__ import annotations

import datetime as dt
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from corpus.right.seeds import CUSTOMERS, ORDERS, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from serve.cube.conftest import CubeServer

pytestmark = pytest.mark.xdist_group("corpus")

STATUS, REGION = "orders.order__status", "orders.customer__region"
NAME, QUANTITY = "orders.customer__customer_name", "orders.order__quantity"
LARGE, TIME = "orders.order__is_large", "orders.metric_time"
SIGNED_UP, ORDER = "orders.customer__signed_up_on", "orders.order"
MONTH = "orders.metric_time__extract_month"
WEEKDAY = "orders.metric_time__extract_dow"
PERIOD = "orders.metric_time__month"
VALUES: dict[str, Callable[[Order], Any]] = {
    STATUS: lambda one: one.status,
    REGION: lambda one: one.region,
    NAME: lambda one: one.name,
    QUANTITY: lambda one: one.quantity,
    LARGE: lambda one: None if one.amount is None else one.amount > 500,
    TIME: lambda one: one.day,
    SIGNED_UP: lambda one: CUSTOMERS[one.customer].signed_up_on if one.customer else None,
    ORDER: lambda one: one.number,
    MONTH: lambda one: one.day.month,
    WEEKDAY: lambda one: one.day.isoweekday(),
    PERIOD: lambda one: one.day.replace(day=1),
}
READERS: dict[str, Callable[[str], Any]] = {
    QUANTITY: Decimal,
    ORDER: Decimal,
    MONTH: Decimal,
    WEEKDAY: Decimal,
    LARGE: lambda text: text == "true",
    TIME: dt.date.fromisoformat,
    SIGNED_UP: dt.date.fromisoformat,
    PERIOD: dt.date.fromisoformat,
}
ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "beforeDate": operator.lt,
    "beforeOrOnDate": operator.le,
    "afterDate": operator.gt,
    "afterOrOnDate": operator.ge,
}
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
OPPOSITES = {
    "notEquals": "equals",
    "notIn": "in",
    "notContains": "contains",
    "notStartsWith": "startsWith",
    "notEndsWith": "endsWith",
}


def holds(filtered: dict[str, Any], order: Order) -> bool:  # noqa: PLR0911 - a return a kind
    """Say whether a row is kept, as Cube's SQL says it."""
    if "and" in filtered:
        return all(holds(one, order) for one in filtered["and"])
    if "or" in filtered:
        return any(holds(one, order) for one in filtered["or"])
    member, word = filtered["member"], filtered["operator"]
    value = VALUES[member](order)
    read = READERS.get(member, str)
    given = [None if one is None else read(one) for one in filtered.get("values", [])]
    if word in ("set", "notSet"):
        return (value is None) == (word == "notSet")
    if word in OPPOSITES:
        # `OR x IS NULL`, but where null is among the values.
        if value is None:
            return None not in given
        return not holds({**filtered, "operator": OPPOSITES[word]}, order)
    if value is None:
        return None in given and word in ("equals", "in", *TEXTS)
    known = [one for one in given if one is not None]
    if word in ("equals", "in"):
        return value in known
    if word in TEXTS:
        return any(TEXTS[word](value.lower(), one.lower()) for one in known)
    if word in ("inDateRange", "onTheDate", "notInDateRange"):
        is_within = known[0] <= value <= known[-1]
        return is_within != (word == "notInDateRange")
    return ORDERINGS[word](value, known[0])


def condition(member: str, word: str, *values: str | None) -> dict[str, Any]:
    return {"member": member, "operator": word, **({"values": list(values)} if values else {})}


FILTERS = [
    *(
        condition(member, word, *values)
        for word in ("equals", "notEquals", "in", "notIn")
        for member, values in (
            (STATUS, ("paid",)),
            (REGION, ("south",)),
            (REGION, ("south", "east")),
            (REGION, (None,)),
            (REGION, ("south", None)),
            (REGION, ("south", "east", None)),
            (NAME, ("O'Neil",)),
            (NAME, ("Ève", "nobody")),
            (QUANTITY, ("3",)),
            (QUANTITY, ("3", "4.0", "7")),
            (LARGE, ("true",)),
            (LARGE, ("false", None)),
            (ORDER, ("17",)),
            (MONTH, ("2", "3")),
            (WEEKDAY, ("7", "1")),
            (TIME, ("2024-02-12",)),
            (SIGNED_UP, ("2024-01-25", "2024-02-11")),
            (PERIOD, ("2024-03-01",)),
        )
    ),
    *(
        condition(NAME, word, *values)
        for word in (*TEXTS, "notContains", "notStartsWith", "notEndsWith")
        for values in (("o",), ("I", "y"), ("è",), ("%",), ("_",), ("!",), ("o", None), ("'",))
    ),
    *(
        condition(member, word, value)
        for word in ("gt", "gte", "lt", "lte")
        for member, value in (
            (QUANTITY, "3"),
            (QUANTITY, "2.5"),
            (ORDER, "50"),
            (TIME, "2024-03-14"),
            (SIGNED_UP, "2024-01-25"),
        )
    ),
    *(
        condition(member, word, value)
        for word in ("beforeDate", "beforeOrOnDate", "afterDate", "afterOrOnDate", "onTheDate")
        for member, value in ((TIME, "2024-03-14"), (SIGNED_UP, "2024-01-25"))
    ),
    *(
        condition(member, word, *values)
        for word in ("inDateRange", "notInDateRange")
        for member, values in (
            (TIME, ("2024-02-12", "2024-03-14")),
            (TIME, ("2024-03-14",)),
            (SIGNED_UP, ("2023-12-22", "2024-01-25")),
        )
    ),
    *(
        condition(member, word)
        for word in ("set", "notSet")
        for member in (REGION, LARGE, STATUS, SIGNED_UP, TIME, ORDER)
    ),
    {"or": [condition(REGION, "notSet"), condition(STATUS, "equals", "paid")]},
    {
        "or": [
            condition(REGION, "equals", "south"),
            {"and": [condition(REGION, "notEquals", "east"), condition(QUANTITY, "gte", "4")]},
            {"and": [condition(TIME, "afterDate", "2024-04-01"), condition(LARGE, "set")]},
        ]
    },
]


@pytest.mark.parametrize("filtered", FILTERS, ids=str)
def test_an_operator(filtered: dict[str, Any], any_cube: CubeServer) -> None:
    rows = any_cube.rows(
        measures=["orders.orders_placed"], dimensions=[ORDER], filters=[filtered], limit=1000
    )
    found = {int(row[ORDER]) for row in rows if row["orders.orders_placed"] is not None}
    assert found == {one.number for one in ORDERS if holds(filtered, one)}


def test_the_rows_tell_the_operators_apart() -> None:
    """No operator keeps all rows, or none, of all that it is tried with."""
    kept: dict[str, set[int]] = {}
    for one in FILTERS:
        if "operator" in one:
            count = sum(holds(one, order) for order in ORDERS)
            kept.setdefault(one["operator"], set()).add(count)
    assert len(kept) == 23
    assert all(counts - {0, len(ORDERS)} for counts in kept.values()), kept


def test_a_day_ends_at_its_end(any_cube: CubeServer) -> None:
    """Dates of a range both count, and a time of day within them is refused where none is known."""
    orders = {"measures": ["orders.orders_placed"]}

    def count(**query: object) -> list[str]:
        return [row["orders.orders_placed"] for row in any_cube.rows(**orders, **query)]

    def ranged(*ends: str) -> dict[str, Any]:
        return {"timeDimensions": [{"dimension": TIME, "dateRange": list(ends)}]}

    within = [one for one in ORDERS if dt.date(2024, 2, 12) <= one.day <= dt.date(2024, 3, 14)]
    right = [str(len(within))]
    assert count(**ranged("2024-02-12", "2024-03-14")) == right
    assert count(**ranged("2024-02-12T00:00:00.000", "2024-03-14T23:59:59.999")) == right
    assert count(**ranged("2024-02-12T00:00:00Z", "2024-03-14T23:59:59Z")) == right
    filters = [condition(TIME, "inDateRange", "2024-02-12", "2024-03-14T23:59:59.999")]
    assert count(filters=filters) == right
    refused = any_cube.refused(**orders, **ranged("2024-02-12T10:00:00", "2024-03-14"))
    assert "begins within a day" in refused


def test_measures_are_compared_after_they_are_worked_out(any_cube: CubeServer) -> None:
    by_region: dict[str | None, Decimal | None] = {}
    for one in ORDERS:
        by_region.setdefault(one.region, None)
        if one.amount is not None:
            by_region[one.region] = (by_region[one.region] or Decimal(0)) + one.amount
    middle = sorted(one for one in by_region.values() if one is not None)[2]

    def regions(*filters: dict[str, Any], **query: object) -> set[str | None]:
        asked = {"measures": ["orders.revenue"], "dimensions": [REGION], **query}
        return {row[REGION] for row in any_cube.rows(filters=list(filters), **asked)}

    for word, compare in {**ORDERINGS, "equals": operator.eq, "notEquals": operator.ne}.items():
        if not word.endswith("Date"):
            kept = {name for name, sums in by_region.items() if compare(sums, middle)}
            assert regions(condition("orders.revenue", word, str(middle))) == kept, word
    # One that is only a condition is worked out too, and not shown.
    of_many = condition("orders.orders_placed", "gt", "20")
    counts = {name: sum(one.region == name for one in ORDERS) for name in by_region}
    assert regions(of_many) == {name for name, count in counts.items() if count > 20}
    [row] = any_cube.rows(measures=["orders.revenue"], filters=[of_many])
    assert list(row) == ["orders.revenue"]
    both = {"and": [of_many, condition(STATUS, "equals", "paid")]}
    paid = {
        name: sum(one.region == name and one.status == "paid" for one in ORDERS) for name in counts
    }
    assert regions(both) == {name for name, count in paid.items() if count > 20}
    either = {"or": [of_many, condition(STATUS, "equals", "paid")]}
    refused = any_cube.refused(measures=["orders.revenue"], dimensions=[REGION], filters=[either])
    assert "joined with one on a dimension by OR" in refused
