"""A filter on what counts as a conversion is refused, where MetricFlow forgets it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from query.corrections.tables import Balance

if TYPE_CHECKING:
    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

DAY = dt.date(2024, 2, 1)


def test_conversions_with_a_filter(warehouse: Warehouse) -> None:
    warehouse.fill([Balance(1, 1, DAY, DAY, "US", 1)])
    by = "metric_time__month"
    # The account bought nothing in Europe.
    assert warehouse.answer("bought_in_europe", by, plain=True) == {(DAY,): 1}
    with pytest.raises(MetricsStoreError, match="would count every one"):
        warehouse.answer("bought_in_europe", by)
    assert warehouse.answer("bought", by) == {(DAY,): 1}
    assert warehouse.answer("visitors_in_europe_who_bought", by) == {}
