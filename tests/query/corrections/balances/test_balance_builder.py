"""A balance beside other metrics is filled in where there are balances, and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from query.corrections.tables import Balance

if TYPE_CHECKING:
    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

JANUARY, FEBRUARY, MARCH = (dt.date(2024, month, 1) for month in (1, 2, 3))
# The last row was made, and counts by that time, in a month that no balance is of yet.
BALANCES = [
    Balance(1, 1, dt.date(2024, 1, 31), JANUARY, "EU", 100),
    Balance(2, 1, dt.date(2024, 2, 29), FEBRUARY, "US", 10),
    Balance(3, 2, dt.date(2024, 2, 29), MARCH, "EU", 5),
]


def test_no_balance_in_a_month_to_come(warehouse: Warehouse) -> None:
    warehouse.fill(BALANCES)
    by = "metric_time__month"
    beside = "last_filled flows_made"
    assert warehouse.answer(beside, by, plain=True)[MARCH, 0] == 5
    assert warehouse.answer("last_filled", by) == {(JANUARY,): 100, (FEBRUARY,): 15}
    assert warehouse.answer(beside, by) == {
        (JANUARY, 100): 100,
        (FEBRUARY, 15): 10,
        (MARCH, None): 5,
    }
    # In a month that has balances, that of a region without any is filled in.
    assert warehouse.answer(beside, f"{by} balance__region") == {
        (JANUARY, "EU", 100): 100,
        (FEBRUARY, "EU", 5): None,
        (FEBRUARY, "US", 10): 10,
        (MARCH, "EU", None): 5,
    }


@pytest.mark.parametrize("grain", ["ten_days", "week", "extract_month"])
def test_whatever_the_period_is(grain: str, warehouse: Warehouse) -> None:
    warehouse.fill(BALANCES)
    by = f"metric_time__{grain}"
    alone = warehouse.answer("last_filled", by)
    beside = warehouse.answer("last_filled flows_made", by)
    assert {key[:1]: key[1] for key in beside if key[1] is not None} == alone
    assert any(key[1] is None for key in beside)


def test_what_is_made_of_a_balance(warehouse: Warehouse) -> None:
    warehouse.fill(BALANCES)
    assert warehouse.answer("last_and_made", "metric_time__month") == {
        (JANUARY,): 200,
        (FEBRUARY,): 25,
        (MARCH,): None,
    }
