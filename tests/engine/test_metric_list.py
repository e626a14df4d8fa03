"""The list of metrics that is read without MetricFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL, Principal
from metrics_store.engine.engine import Engine
from metrics_store.engine.snapshots.metric_list import ListedMetric
from metrics_store.project.profile import load_target

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


def test_it_has_what_the_definitions_have(engine: Engine) -> None:
    listed = engine.metric_list(LOCAL)
    defined = engine.definitions(LOCAL).metrics()
    assert [(one.name, one.label, one.description, one.unit) for one in listed] == [
        (one.name, one.label, one.description, one.unit or "") for one in defined
    ]
    assert {one.subject for one in listed} == {"Shop"}


def test_what_one_may_not_see_is_not_in_it(changing_shop: Path) -> None:
    (changing_shop / "access.yml").write_text(
        'policies:\n  - {name: ana, to: {users: [ana]}, metrics: ["*"], dimensions: ["*"]}\n',
        encoding="utf-8",
    )
    engine = Engine(load_target(changing_shop))
    try:
        assert [one.name for one in engine.metric_list(Principal("ana"))] == ["revenue"]
        assert engine.metric_list(Principal("ben")) == []
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("win rate", 0),
        ("win_rate", 0),
        ("win", 1),
        ("rate", 2),
        ("bookings", 3),
        ("closed", 4),
        ("moon", None),
    ],
)
def test_the_best_fit_ranks_first(words: str, rank: int | None) -> None:
    metric = ListedMetric(
        name="win_rate",
        label="Win rate",
        description="Won of closed.",
        unit="ratio",
        subject="Bookings",
        is_building_block=False,
        deprecated=None,
    )
    assert metric.rank(words) == rank
