"""Roll-ups that the build made of the rows beside them are used without comparing all rows."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.build.rollup_check import vouched_names
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.embedded.provenance import note_published, vouched_rollups

if TYPE_CHECKING:
    from pathlib import Path

    from engine.rollups.conftest import Open
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("rollup_market")

QUESTION = MetricRequest(["largest_order", "revenue"], ["metric_time__month"])
NAME = "rollup_orders_by_day"
# What is written to the warehouse, and whether the roll-up is used where nobody noticed it.
WRITTEN = {
    # Only comparing all rows would tell.
    "update customers set region = 'nowhere' where customer_id = 3": True,
    "update orders set amount = amount + 1 where order_id = 7": False,
    "delete from orders where order_id = 7": False,
    f"update {NAME} set amount_max__max = amount_max__max + 1 where metric_time__day = "
    f"(select min(metric_time__day) from {NAME})": False,
    f"update {NAME} set customer__region = 'nowhere' where customer__region = "
    f"(select min(customer__region) from {NAME})": False,
}


def _database(project: SmallProject) -> Path:
    return (project.directory / "warehouse" / "market.duckdb").resolve()


def _definitions(database: Path) -> bytes:
    return (database.parent / "target" / "semantic_manifest.json").read_bytes()


def _artifacts(project: SmallProject, copy: Path) -> Path:
    shutil.copytree(_database(project).parent / "target", copy)
    return copy


@pytest.mark.parametrize("written", WRITTEN)
def test_what_nobody_noticed(changed_market: SmallProject, open_engine: Open, written: str) -> None:
    database = _database(changed_market)
    with duckdb.connect(database) as connection:
        connection.execute(written)
    with open_engine(changed_market) as engine:
        assert engine.answer(QUESTION, LOCAL).rollups == ()
    note_published(database)
    # Another version of the file: what was found out does not count any more.
    database.touch()
    note_published(database)
    with open_engine(changed_market) as engine:
        assert bool(engine.answer(QUESTION, LOCAL).rollups) is WRITTEN[written]


def test_what_a_build_vouches_for(rollup_market: SmallProject) -> None:
    database = _database(rollup_market)
    vouched = vouched_rollups(database, _definitions(database))
    assert {NAME, "rollup_orders_for_exports", "rollup_revenue_by_month"} <= vouched
    assert not vouched_rollups(database, b"other definitions")


def test_nothing_is_vouched_for_in_the_next_generation(changed_market: SmallProject) -> None:
    warehouse = Warehouse(changed_market.directory / "warehouse" / "market.duckdb")
    before = _database(changed_market)
    note_published(before)
    assert NAME in vouched_rollups(before, _definitions(before))
    with warehouse.next_generation():
        pass
    after = _database(changed_market)
    assert after != before
    assert not vouched_rollups(after, _definitions(after))


def test_a_roll_up_that_the_build_left_out(rollup_market: SmallProject, tmp_path: Path) -> None:
    artifacts = _artifacts(rollup_market, tmp_path / "target")
    assert NAME in vouched_names(artifacts)
    file = artifacts / "run_results.json"
    results = json.loads(file.read_text())
    results["results"] = [one for one in results["results"] if NAME not in one["unique_id"]]
    file.write_text(json.dumps(results))
    vouched = vouched_names(artifacts)
    assert NAME not in vouched
    assert "rollup_orders_for_exports" in vouched


def test_a_model_that_somebody_edited(rollup_market: SmallProject, tmp_path: Path) -> None:
    artifacts = _artifacts(rollup_market, tmp_path / "target")
    file = artifacts / "manifest.json"
    manifest = json.loads(file.read_text())
    [node] = [one for one in manifest["nodes"].values() if one["name"] == NAME]
    node["raw_code"] += "\nwhere true"
    file.write_text(json.dumps(manifest))
    assert NAME not in vouched_names(artifacts)
