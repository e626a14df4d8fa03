"""Two answers are the same where every value is, whatever each side writes it as."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from metrics_store.interchange.cube.parity.answer_comparison import Comparison
from metrics_store.interchange.cube.parity.parity_questions import Grouping, ParityQuestion

MONTHS = Grouping("metric_time", "month")
REGIONS = Grouping("customer__region")
Rows = list[dict[str, Any]]


def differing(
    *groupings: Grouping,
    engine: Rows,
    cube: Rows,
    filled: frozenset[str] = frozenset(),
    counted: frozenset[str] = frozenset(),
) -> list[str]:
    question = ParityQuestion("orders", ("revenue",), groupings)
    found = Comparison(question, filled, counted).differences(engine, cube)
    return [str(one) for one in found.get("revenue", [])]


def test_values_are_compared_as_numbers() -> None:
    assert not differing(engine=[{"revenue": Decimal("10.50")}], cube=[{"orders.revenue": "10.5"}])
    assert differing(engine=[{"revenue": 10.5}], cube=[{"orders.revenue": "10.6"}]) == [
        "orders.revenue: 10.5 here, 10.6 in Cube"
    ]


def test_groups_are_the_same_in_either_form() -> None:
    engine: Rows = [
        {"metric_time__month": dt.date(2024, 1, 1), "customer__region": None, "revenue": 1},
        {"metric_time__month": dt.datetime(2024, 2, 1), "customer__region": "7", "revenue": 2},
    ]
    cube: Rows = [
        {"orders.metric_time.month": "2024-02-01T00:00:00.000", "orders.customer__region": "7",
         "orders.revenue": "2"},
        {"orders.metric_time.month": "2024-01-01T00:00:00.000", "orders.customer__region": None,
         "orders.revenue": "1"},
    ]  # fmt: skip
    assert not differing(MONTHS, REGIONS, engine=engine, cube=cube)
    cube[0]["orders.customer__region"] = "07"
    assert differing(MONTHS, REGIONS, engine=engine, cube=cube) == [
        (
            "orders.revenue by metric_time__month, customer__region at metric_time__month="
            "2024-02-01T00:00:00, customer__region=07: nothing here, 2 in Cube"
        ),
        (
            "orders.revenue by metric_time__month, customer__region at metric_time__month="
            "2024-02-01T00:00:00, customer__region=7: 2 here, nothing in Cube"
        ),
    ]


def test_numbers_and_truths_are_groups_too() -> None:
    by = Grouping("order__quantity")
    engine: Rows = [{"order__quantity": 3, "revenue": 1}, {"order__quantity": None, "revenue": 2}]
    cube: Rows = [
        {"orders.order__quantity": "3.0", "orders.revenue": 1},
        {"orders.order__quantity": None, "orders.revenue": 2},
    ]
    assert not differing(by, engine=engine, cube=cube)
    large = Grouping("order__is_large")
    assert not differing(
        large,
        engine=[{"order__is_large": True, "revenue": 1}],
        cube=[{"orders.order__is_large": True, "orders.revenue": 1}],
    )


def test_a_group_without_a_value_may_be_missing() -> None:
    cube: Rows = [{"orders.customer__region": "south", "orders.revenue": None}]
    assert not differing(REGIONS, engine=[], cube=cube)
    cube[0]["orders.revenue"] = 0
    assert differing(REGIONS, engine=[], cube=cube) == [
        "orders.revenue by customer__region at customer__region=south: nothing here, 0 in Cube"
    ]
    # One that says 0 where there is nothing may be missing where it does.
    assert not differing(REGIONS, engine=[], cube=cube, filled=frozenset({"revenue"}))
    both: Rows = [{"customer__region": "south", "revenue": None}]
    assert differing(REGIONS, engine=both, cube=cube, filled=frozenset({"revenue"}))


def test_a_count_of_no_rows_is_0_or_nothing() -> None:
    buyers = frozenset({"revenue"})
    none: Rows = [{"orders.revenue": None}]
    assert not differing(engine=[{"revenue": 0}], cube=none, counted=buyers)
    assert differing(engine=[{"revenue": 0}], cube=none)
    assert differing(engine=[{"revenue": 1}], cube=none, counted=buyers)


def test_a_question_is_the_same_in_both_languages() -> None:
    span = (dt.date(2024, 1, 1), dt.date(2024, 3, 31))
    question = ParityQuestion("orders", ("revenue",), (REGIONS,), span, ("order__is_large", True))
    assert question.of_engine() == {
        "metrics": ["revenue"],
        "group_by": ["customer__region"],
        "start_time": span[0],
        "end_time": span[1],
        "where": [
            {"compare": {"name": {"name": "order__is_large"}, "operator": "=", "value": True}}
        ],
    }
    asked = question.of_cube()
    assert asked["timeDimensions"] == [
        {"dimension": "orders.metric_time", "dateRange": ["2024-01-01", "2024-03-31"]}
    ]
    assert asked["filters"] == [
        {"member": "orders.order__is_large", "operator": "equals", "values": ["true"]}
    ]
