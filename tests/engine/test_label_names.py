"""People read the names of an entity, which stays what is asked by."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL, Principal
from metrics_store.cli.requests.engine_session import EngineSession
from metrics_store.engine.engine import Engine
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import load_target
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.output.entity_labels import with_labels

if TYPE_CHECKING:
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")

POLICIES = """
policies:
  - {name: names, to: {users: [boss]}, metrics: ["*"], dimensions: ["*"]}
  - {name: keys, to: {users: [guest]}, metrics: ["*"], dimensions: [customer]}
"""


def test_rows_are_those_by_key(market: SmallProject) -> None:
    with closing(Engine(load_target(market.directory))) as engine:
        session = EngineSession(engine)
        asked = MetricRequest(["revenue", "buyers"], ["customer"])
        keys = session.answer(asked)
        names, labels = session.answer_in_names(asked)
        assert labels == {"customer": "customer__customer_name"}
        read = with_labels(names, labels)
        assert read.column_names == keys.column_names
        assert read["customer"].to_pylist()[:3] == ["Ada", "Bo", "Cy"]
        totals = (sorted(map(str, table["revenue"].to_pylist())) for table in (keys, read))
        assert next(totals) == next(totals)


def test_what_is_asked_by_name_already_or_has_none_stays(market: SmallProject) -> None:
    with closing(Engine(load_target(market.directory))) as engine:
        session = EngineSession(engine)
        for group_by in (["customer", "customer__customer_name"], ["agent"], []):
            asked = MetricRequest(["revenue"], group_by)
            table, labels = session.answer_in_names(asked)
            assert labels == {}
            assert table == session.answer(asked)
        with pytest.raises(MetricsStoreError, match="nothing"):
            session.answer_in_names(MetricRequest(["nothing"], ["customer"]))


def test_who_may_not_see_the_names_gets_none(market: SmallProject, tmp_path: Path) -> None:
    project = market.copy(tmp_path / "market")
    (project.directory / "access.yml").write_text(POLICIES)
    with closing(Engine(load_target(project.directory))) as engine:
        names = {"customer": "customer__customer_name"}
        assert engine.label_names(["customer"], Principal("boss")) == names
        assert engine.label_names(["customer"], Principal("guest")) == {}
        with pytest.raises(MetricsStoreError):
            engine.label_names(["customer"], LOCAL)
