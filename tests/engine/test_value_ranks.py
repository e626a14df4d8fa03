"""The order that the values of a dimension declare for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from metrics_store.engine.snapshots.value_ranks import value_ranks
from metrics_store.errors import MetricsStoreError
from metrics_store.query.output.sorted_groups import in_order

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest

# Of two processes, with a stage that no process knows.
STAGES = pa.table(
    {
        "stage__name": ["Lead", "New", "Won", "Renewal", "Lost", "Odd", "Nowhere"],
        "stage__category": ["open", "open", "won", "open", "lost", "open", None],
        "stage__place": [1, 1, 9, 9, 10, None, None],
    }
)


def _content(name: dict[str, Any], category: dict[str, Any]) -> dict[str, Any]:
    dimensions = [
        {"name": "name", "config": {"meta": name}},
        {"name": "category", "config": {"meta": category}},
        {"name": "place"},
    ]
    entities = [{"name": "stage", "type": "primary"}]
    return {"semantic_models": [{"entities": entities, "dimensions": dimensions}]}


def _sorted(content: dict[str, Any]) -> list[str]:
    def ask(request: MetricRequest) -> pa.Table:
        return STAGES.select(list(request.group_by))

    ranks = value_ranks(content, ["stage__name"], ask)
    rows = STAGES.select(["stage__name"]).sort_by("stage__name")
    found: list[str] = in_order(rows, ranks).column(0).to_pylist()
    return found


@pytest.mark.parametrize(
    ("sorted_by", "expected"),
    [
        (
            {"dimensions": ["stage__category", "stage__place"]},
            ["Lead", "New", "Renewal", "Odd", "Won", "Lost", "Nowhere"],
        ),
        ("stage__place", ["Lead", "New", "Renewal", "Won", "Lost", "Nowhere", "Odd"]),
        (["Won", "Lost"], ["Won", "Lost", "Lead", "New", "Nowhere", "Odd", "Renewal"]),
        ({"dimensions": "stage__place"}, sorted(STAGES.column(0).to_pylist())),
    ],
)
def test_an_order(sorted_by: object, expected: list[str]) -> None:
    category = {"sorted_by": ["open", "won", "lost"]}
    assert _sorted(_content({"sorted_by": sorted_by}, category)) == expected


def test_what_may_not_be_seen_ranks_nothing() -> None:
    def ask(request: MetricRequest) -> pa.Table:
        raise MetricsStoreError("hidden", where=str(request))

    content = _content({"sorted_by": "stage__place"}, {})
    assert value_ranks(content, ["stage__name"], ask) == {}
