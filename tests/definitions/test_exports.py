"""Every export holds what MetricFlow answers to its saved query, row by row, on both engines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    import pyarrow as pa

    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")
Rows = dict[tuple[Any, ...], list[Any]]


# PostgreSQL cuts longer names of a table's columns.
LONGEST_NAME = 63


def _rows(table: pa.Table, metrics: list[str]) -> Rows:
    """Give the metrics of each group, which stands in one row."""
    groups = sorted(set(table.column_names) - set(metrics))
    rows = {
        tuple(row[name] for name in groups): [row[name] for name in metrics]
        for row in table.to_pylist()
    }
    assert len(rows) == table.num_rows
    return rows


def _unlike(found: Rows, expected: Rows) -> list[object]:
    """Give the groups with other values; the same numbers may be added up in another order."""
    differing: list[object] = list(found.keys() ^ expected.keys())
    for group in found.keys() & expected.keys():
        for one, other in zip(found[group], expected[group], strict=True):
            if one != other and (
                one is None
                or other is None
                or not math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
            ):
                differing.append((group, one, other))
    return differing


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "prefix"), [("duckdb", ""), ("postgres", "dev_")])
def test_every_export_is_its_saved_querys_answer(
    engine: str, prefix: str, demo_project: BuiltProject
) -> None:
    store = demo_project.stores[engine]
    compared = []
    for saved_query in store.planner.manifest.saved_queries:
        metrics = list(saved_query.query_params.metrics)
        answer = _rows(store.answer(MetricRequest(saved_query=saved_query.name)), metrics)
        for export in saved_query.exports:
            table = store.read(f"select * from {prefix}exports.{export.name}")
            written = metrics if engine == "duckdb" else [name[:LONGEST_NAME] for name in metrics]
            assert _unlike(_rows(table, written), answer) == [], export.name
            compared.append(export.name)
    assert len(compared) > 1


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_no_question_copies_a_whole_model(engine: str, demo_project: BuiltProject) -> None:
    planner = demo_project.stores[engine].planner
    both = ["pipeline_snapshot", "overdue_rate_snapshot"]
    sql = planner.plan(MetricRequest(both, ["metric_time__day"]))
    assert "_cte AS NOT MATERIALIZED (" in sql
    assert "_cte AS (" not in sql
