"""Dimensions named by their last part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL, Principal
from metrics_store.engine.engine import Engine
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")


@pytest.fixture
def bike_engine(bikes: SmallProject) -> Iterator[Engine]:
    engine = Engine(load_target(bikes.directory))
    yield engine
    engine.close()


def test_a_request_in_full(bike_engine: Engine) -> None:
    short = MetricRequest(
        ["rides"],
        ["kind", "month"],
        order_by=["-kind", "rides"],
        where=parse_filter("kind = 'city' and rides > 1"),
    )
    full = bike_engine.in_full(short, LOCAL)
    assert full == MetricRequest(
        ["rides"],
        ["ride__kind", "metric_time__month"],
        order_by=["-ride__kind", "rides"],
        where=parse_filter("ride__kind = 'city' and rides > 1"),
    )
    assert bike_engine.in_full(full, LOCAL) == full
    # What ends where a grain should be is no short name, and is refused as it stands.
    unfinished = ["metric_time__", "kind__"]
    assert bike_engine.full_names(unfinished, ["rides"], LOCAL) == unfinished


@pytest.fixture
def two_statuses(changing_shop: Path) -> Path:
    """Give a shop in which two entities have a status."""
    file = find_live_warehouse(load_target(changing_shop)).artifacts / SEMANTIC_MANIFEST
    manifest = json.loads(file.read_text(encoding="utf-8"))
    [orders] = [one for one in manifest["semantic_models"] if one["name"] == "orders"]
    parcels = {**orders, "name": "parcels", "measures": []}
    parcels["entities"] = [{**one, "name": f"{one['name']}_parcel"} for one in orders["entities"]]
    manifest["semantic_models"].append(parcels)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return changing_shop


def test_of_several_dimensions_it_is_the_one_that_the_metrics_have(two_statuses: Path) -> None:
    engine = Engine(load_target(two_statuses))
    try:
        assert engine.full_names(["status"], ["revenue"], LOCAL) == ["order__status"]
        with pytest.raises(MetricsStoreError, match="several dimensions") as error:
            engine.full_names(["status"], [], LOCAL)
        assert error.value.expected == "one of order__status, order_parcel__status"
    finally:
        engine.close()


def test_a_hidden_dimension_stays_unknown(changing_shop: Path) -> None:
    (changing_shop / "access.yml").write_text(
        "policies:\n  - {name: ana, to: {users: [ana]}, metrics: [revenue], dimensions: []}\n",
        encoding="utf-8",
    )
    engine = Engine(load_target(changing_shop))
    try:
        assert engine.full_names(["status"], ["revenue"], Principal("ana")) == ["status"]
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("month", "metric_time__month"),
        ("-quarter", "-metric_time__quarter"),
        ("metric_time", "metric_time"),
        ("season", "metric_time__season"),
        ("kind", "ride__kind"),
        ("plan", "rider__plan"),
        ("started_at__month", "ride__started_at__month"),
        ("ride__started_at__month", "ride__started_at__month"),
        ("rider", "rider"),
        ("rides", "rides"),
        ("no_such", "no_such"),
    ],
)
def test_the_full_name_is_found(name: str, full: str, bike_engine: Engine) -> None:
    assert bike_engine.full_names([name], ["rides"], LOCAL) == [full]
