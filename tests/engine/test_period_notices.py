"""An answer says which day of a period a cumulative metric is of, where its definition does not."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

RULE = (
    "is its value on the first day of each, as its period_agg says or leaves open; it is empty "
    "where nothing was counted by that day"
)


def _cumulative(revenue: dict[str, Any], name: str, **period_agg: str) -> dict[str, Any]:
    measure = revenue["type_params"]["measure"]
    params = {"measure": measure, "input_measures": [measure]}
    return {
        **revenue,
        "name": name,
        "type": "cumulative",
        "type_params": {**params, "cumulative_type_params": period_agg},
    }


@pytest.fixture(scope="module")
def directory(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("notices") / "shop"
    shutil.copytree(shop, copy, symlinks=True)
    path = find_live_warehouse(load_target(copy)).artifacts / SEMANTIC_MANIFEST
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    [revenue] = [one for one in manifest["metrics"] if one["name"] == "revenue"]
    before = {"name": "running", "alias": "before"}
    before["offset_window"] = {"count": 1, "granularity": "month"}  # type: ignore[assignment]
    manifest["metrics"] += [
        _cumulative(revenue, "running"),
        _cumulative(revenue, "at_the_end", period_agg="last"),
        {
            **revenue,
            "name": "running_before",
            "type": "derived",
            "type_params": {"expr": "before", "metrics": [before], "input_measures": []},
        },
    ]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return copy


@pytest.fixture
def engine(directory: Path, tmp_path: Path) -> Iterator[Engine]:
    opened = Engine(load_target(directory), EngineSettings(plan_directory=tmp_path))
    yield opened
    opened.close()


def _warnings(engine: Engine, *metrics: str, by: str) -> tuple[str, ...]:
    return tuple(engine.answer(MetricRequest(list(metrics), [by]), LOCAL).warnings)


def test_the_first_day_is_told(engine: Engine) -> None:
    found = _warnings(engine, "running", "at_the_end", "running_before", by="metric_time__month")
    assert found == (f"running by month {RULE}", f"running_before by month {RULE}")


def test_it_is_told_of_a_plan_that_was_made_before(engine: Engine, directory: Path) -> None:
    by = "order__ordered_on__quarter"
    said = (f"running by quarter {RULE}",)
    assert _warnings(engine, "running", by=by) == said
    other = Engine(load_target(directory), engine._settings)
    try:
        assert _warnings(other, "running", by=by) == said
    finally:
        other.close()


@pytest.mark.parametrize(
    ("metric", "by"),
    [
        ("running", "metric_time__day"),
        ("at_the_end", "metric_time__month"),
        ("revenue", "metric_time__month"),
    ],
)
def test_nothing_is_told_of_others(engine: Engine, metric: str, by: str) -> None:
    assert _warnings(engine, metric, by=by) == ()
