"""What can be rolled up becomes a dbt model; what cannot is refused by name and reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.build.rollup_check import check_rollups
from metrics_store.errors import MetricsStoreError
from metrics_store.exports.export_files import ExportFiles
from metrics_store.exports.export_reader import read_exports
from metrics_store.exports.export_sources import read_sources
from metrics_store.exports.rollup_files import rollup_files
from metrics_store.exports.rollup_reader import read_rollups

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")

MONTH, DAY = "TimeDimension('metric_time', 'month')", "TimeDimension('metric_time', 'day')"
REGION, CUSTOMER = "Dimension('customer__region')", "Entity('customer')"
# Metrics, group-bys, declaration -> what is said.
REFUSED: list[tuple[list[str], list[str], Any, str]] = [
    (["median_order"], [DAY], True, "median_order is a median"),
    (["p90_order"], [DAY], True, "p90_order is a percentile"),
    (["revenue", "visit_to_order"], [DAY], True, "visit_to_order matches single events"),
    (["revenue_of_big_customers"], [DAY], True, "filtered by another metric, row by row"),
    (["buyers"], [DAY, REGION], True, "buyers counts distinct customer_id, which is not in the"),
    (["revenue_7_days"], [MONTH], True, "accumulated day by day, and the grain has no days"),
    (["revenue"], [DAY, "Entity('order')"], True, "order is the key of orders"),
    (["revenue", "visits"], [DAY], {"table": "main.mine"}, "the measures of several: orders, vis"),
    (["revenue"], [DAY], {"table": "mine"}, "declared in a way that is not understood"),
    (["revenue"], [DAY], {"tables": "main.mine"}, "declared in a way that is not understood"),
    (["revenue"], [DAY], {"grain": "fortnight"}, "declared in a way that is not understood"),
    (["revenue"], [DAY], {"for": "everyone"}, "declared in a way that is not understood"),
    (
        ["revenue"],
        [DAY],
        {"for": "exports", "table": "main.mine"},
        "declared in a way that is not understood",
    ),
    (["revenue"], [DAY], "yes", "declared in a way that is not understood"),
    (
        ["revenue"],
        [DAY],
        {"table": "main.mine", "columns": {"dya": "day"}},
        "has no column dya",
    ),
]


def declaring(
    market: SmallProject, directory: Path, *declared: tuple[Sequence[str], Sequence[str], Any]
) -> Path:
    """Give the manifests of the market with roll-ups declared, as dbt would write them."""
    artifacts = market.directory / "warehouse" / "generations"
    [live] = [path.parent for path in artifacts.glob("*/target/semantic_manifest.json")]
    manifest = json.loads((live / "manifest.json").read_text())
    semantic = json.loads((live / "semantic_manifest.json").read_text())
    for number, (metrics, group_by, rollup) in enumerate(declared):
        name = f"rolled_{number}"
        parameters = {"metrics": metrics, "group_by": group_by, "order_by": [], "where": None}
        saved = {"name": name, "query_params": parameters, "exports": []}
        semantic["saved_queries"].append(saved)
        manifest["saved_queries"][name] = {"name": name, "config": {"meta": {"rollup": rollup}}}
    directory.mkdir(exist_ok=True)
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (directory / "semantic_manifest.json").write_text(json.dumps(semantic))
    return directory


def test_what_cannot_be_rolled_up(market: SmallProject, tmp_path: Path) -> None:
    for metrics, group_by, rollup, said in REFUSED:
        artifacts = declaring(market, tmp_path / "target", (metrics, group_by, rollup))
        for refusing in (
            lambda path: read_rollups(read_sources(path)),
            lambda path: check_rollups(path, "duckdb"),
        ):
            with pytest.raises(MetricsStoreError) as refused:
                refusing(artifacts)
            assert said in refused.value.what, metrics
            assert "rolled_0" in str(refused.value)
    # Without any, nothing is looked at.
    none = declaring(market, tmp_path / "target", (["median_order"], [DAY], False))
    assert read_rollups(read_sources(none)) == []
    check_rollups(none, "duckdb")


def test_one_model_for_each_semantic_model(market: SmallProject, tmp_path: Path) -> None:
    artifacts = declaring(
        market,
        tmp_path / "target",
        (["paid_share", "stock", "average_order"], [MONTH], {"grain": "day"}),
        (["revenue"], [REGION], True),
        (["revenue"], [DAY], {"table": "main.mine"}),
    )
    rollups = read_rollups(read_sources(artifacts))
    assert [one.table.name for one in rollups] == [
        "rollup_rolled_0__orders",
        "rollup_rolled_0__stock",
        "rollup_rolled_1",
    ]
    orders, _, regions = (one.table for one in rollups)
    assert orders.column_names == (
        "metric_time__day",
        # The filter of what was paid is on it.
        "order__status",
        "amount_average__count",
        "amount_sum__sum",
    )
    # What is made of the same is answered too, and what is not is not.
    answered = {one.metric for one in orders.inputs}
    assert {"revenue", "revenue_paid", "revenue_every_day"} <= answered
    assert not {"largest_order", "orders_placed", "buyers", "median_order"} & answered
    files = ExportFiles(tmp_path / "models", rollup_files(rollups))
    files.write()
    assert files.stale() == []
    by_days = (tmp_path / "models" / "rollup_rolled_0__orders.sql").read_text()
    assert "materialized='incremental'" in by_days
    assert "{{ ref('orders') }}" in by_days
    assert "market" not in by_days
    # Without times there are no periods.
    assert regions.names[0].path == "customer__region"
    assert "materialized='table'" in (tmp_path / "models" / "rollup_rolled_1.sql").read_text()


def _revenue_by_region(artifacts: Path) -> dict[str, str]:
    """Give the SQL of the market's export a dialect."""
    exports = {
        one.name: one for one in read_exports(read_sources(artifacts), default_schema="main")
    }
    return exports["export_revenue_by_region"].sql


def test_exports_read_the_rollups_that_cover_them(market: SmallProject, tmp_path: Path) -> None:
    status = "Dimension('order__status')"
    covering = (["revenue", "orders_placed"], [DAY, REGION, status], {"for": "exports"})
    without_status = (["revenue", "orders_placed"], [DAY, REGION], {"for": "exports"})
    assert (
        "rollup"
        not in _revenue_by_region(declaring(market, tmp_path / "target", without_status))["duckdb"]
    )
    artifacts = declaring(market, tmp_path / "target", without_status, covering)
    sql = _revenue_by_region(artifacts)
    assert "{{ ref('rollup_rolled_1') }}" in sql["duckdb"]
    assert "{{ ref('orders') }}" not in sql["duckdb"]
    # Nothing says whether an amount is an integer, whose sums have another type there.
    assert "{{ ref('orders') }}" in sql["postgres"]
    manifest = json.loads((artifacts / "manifest.json").read_text())
    [orders] = [one for one in manifest["nodes"].values() if one["name"] == "orders"]
    orders["columns"] = {"amount": {"name": "amount", "data_type": "numeric(10, 2)"}}
    (artifacts / "manifest.json").write_text(json.dumps(manifest))
    typed = _revenue_by_region(artifacts)["postgres"]
    assert "{{ ref('orders') }}" not in typed
    assert "CAST(SUM(orders_placed) AS BIGINT)" in typed
