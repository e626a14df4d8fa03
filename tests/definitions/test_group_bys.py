"""Each metric answers by what the table in docs/ says it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.comparing import NOT_BY
from definitions.warehouses import ROOT
from metrics_store.errors import MetricsStoreError
from metrics_store.query.applicability_table import build_applicability_table, read_topics
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("metric", NOT_BY)
def test_what_is_one_or_zero_is_refused(metric: str, demo_project: BuiltProject) -> None:
    planner = demo_project.stores["duckdb"].planner
    for name in NOT_BY[metric]:
        asked = f"due_opportunity__{name}" if "__" not in name else name
        with pytest.raises(MetricsStoreError, match=f"{metric} has no meaning by {asked}: "):
            planner.resolve(MetricRequest([metric], ["metric_time__fiscal_quarter", asked]))


@pytest.mark.slow
def test_every_cell_of_the_table_answers(demo_project: BuiltProject) -> None:
    store = demo_project.stores["duckdb"]
    table = build_applicability_table(store.planner, read_topics(ROOT / "docs" / "group_bys.yml"))
    assert "weighted_pipeline" in table.rows
    grains = {
        metric.name: metric.config.meta["grains"]
        for metric in store.planner.manifest.metrics
        if metric.config and "grains" in metric.config.meta
    }
    without_rows = []
    for metric, cells in table.rows.items():
        for topic, cell in zip(table.topics, cells, strict=True):
            if cell.group_by is None:
                continue
            # Beside the slice a period, without which some metrics do not answer.
            grain = "month" if "month" in grains[metric] else grains[metric][0]
            group_by = list(dict.fromkeys([f"metric_time__{grain}", cell.group_by]))
            if store.answer(MetricRequest(metrics=[metric], group_by=group_by)).num_rows == 0:
                without_rows.append((metric, topic))
    assert not without_rows
