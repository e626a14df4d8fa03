"""A question gets its rows, in the order asked; a wrong one gets words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from metricflow_semantic_interfaces.type_enums import EntityType

from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import load_target
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_store import MetricStore, open_store
from metrics_store.query.planner import Planner
from metrics_store.warehouse.embedded.duckdb_executor import connect_read_only

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

pytestmark = pytest.mark.xdist_group("shop")


def _rows(answer: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in answer.to_pylist()]


def test_columns_come_in_the_order_asked(store: MetricStore) -> None:
    question = MetricRequest(
        metrics=["revenue"],
        group_by=["order__status", "metric_time__month"],
        order_by=["-revenue"],
    )
    answer = store.answer(question)
    assert answer.column_names == ["order__status", "metric_time__month", "revenue"]
    rows = [(row[0], f"{row[1]:%Y-%m}", row[2]) for row in _rows(answer)]
    assert rows == [
        ("returned", "2024-01", Decimal("99.90")),
        ("paid", "2024-01", Decimal("30.50")),
        ("paid", "2024-02", Decimal("5.25")),
    ]


def test_limit_and_times(store: MetricStore) -> None:
    january = MetricRequest(
        metrics=["revenue"],
        start_time=dt.datetime(2024, 1, 1),
        end_time=dt.datetime(2024, 1, 31),
    )
    assert store.answer(january).to_pylist() == [{"revenue": Decimal("130.40")}]
    largest = MetricRequest(metrics=["revenue"], group_by=["order"], order_by=["-revenue"], limit=1)
    assert store.answer(largest).to_pylist() == [{"order": 3, "revenue": Decimal("99.90")}]


def test_a_saved_query_answers_like_its_parts(store: MetricStore) -> None:
    saved = store.answer(MetricRequest(saved_query="revenue_by_status"))
    asked = store.answer(
        MetricRequest(metrics=["revenue"], group_by=["metric_time__month", "order__status"])
    )
    assert sorted(map(repr, saved.to_pylist())) == sorted(map(repr, asked.to_pylist()))


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (MetricRequest(metrics=["revenue"], group_by=["metric_time__hour"]), "metric_time__hour"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(
    question: MetricRequest, word: str, store: MetricStore
) -> None:
    with pytest.raises(MetricsStoreError, match="revenue is not known by hour") as refused:
        store.answer(question)
    assert word in refused.value.where


def test_answering_cannot_write_or_read_files(store: MetricStore) -> None:
    assert store.database is not None
    with connect_read_only(store.database) as connection:
        for statement in (
            "create table t (a int)",
            "select * from read_text('/etc/hostname')",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_nothing_built_yet(tiny_project: Path) -> None:
    with pytest.raises(MetricsStoreError, match="no warehouse yet"):
        open_store(load_target(tiny_project))


def test_a_warehouse_of_plain_dbt_uses_the_manifest_of_plain_dbt(
    tiny_project: Path, shop: Path
) -> None:
    live = tiny_project / "warehouse" / "shop.duckdb"
    live.write_bytes((shop / "warehouse" / "shop.duckdb").read_bytes())
    (tiny_project / "target").mkdir()
    manifest = tiny_project / "target" / "semantic_manifest.json"
    manifest.write_bytes((shop / "target" / "semantic_manifest.json").read_bytes())
    assert open_store(load_target(tiny_project)).semantic_manifest == manifest


def test_what_a_metric_can_be_grouped_by(store: MetricStore) -> None:
    assert set(store.planner.group_bys("revenue")) == {
        "metric_time",
        "order",
        "order__ordered_on",
        "order__status",
    }


def test_an_entity_is_described_by_the_model_it_is_primary_in(store: MetricStore) -> None:
    manifest = store.planner.manifest.copy(deep=True)
    [orders] = manifest.semantic_models
    orders.entities[0].description = "An order of the shop."
    # Another model's words for it, first in the file and first by name.
    other = orders.copy(deep=True)
    other.name = "another"
    other.measures = []
    other.primary_entity = "another"
    other.entities[0].type = EntityType.FOREIGN
    other.entities[0].description = "The order it belongs to."
    manifest.semantic_models.insert(0, other)
    planner = Planner(manifest, "duckdb")
    assert planner.group_bys("revenue")["order"] == "An order of the shop."
