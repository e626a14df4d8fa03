"""Metrics whose names are alike as far as PostgreSQL reads them are asked together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")

EVER = "implementation_onboarding_to_follow_up_customer_success_conversion"
ALIKE = [EVER, f"{EVER}_30d", f"{EVER}_90d"]


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_each_has_its_own_column(engine: str, demo_project: BuiltProject) -> None:
    by_month = "metric_time__month"
    table = demo_project.stores[engine].answer(MetricRequest(ALIKE, [by_month]))
    assert table.column_names == [by_month, *ALIKE]
    rows = table.to_pylist()
    alone = {name: demo_project.answer("duckdb", name, by_month) for name in ALIKE}
    for name in ALIKE:
        found = {(row[by_month],): row[name] for row in rows if row[name] is not None}
        known = {month: value for month, value in alone[name].items() if value is not None}
        assert found == pytest.approx(known)
        assert len(found) > 1
    assert any(row[ALIKE[1]] != row[EVER] for row in rows)
