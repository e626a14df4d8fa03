"""The measures of Databricks' metric views give the engine's numbers, computed in DuckDB."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot
import yaml
from sqlglot import exp

from metrics_store.interchange.exported_project import parse_exported_project
from metrics_store.interchange.renderers.databricks_views import databricks_views
from metrics_store.project.profile import load_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import SmallProject

LEAST_METRICS = 15


def _totals(text: str) -> Iterator[tuple[str, str]]:
    """Give the SQL of each measure without a window, over all rows of a view."""
    view = yaml.safe_load(text)
    joins = "".join(
        f" left join {one['source']} as {one['name']} on {one['on']}" for one in _joins(view)
    )
    for one in view["measures"]:
        tree = sqlglot.parse_one(one["expr"], read="databricks")
        if "window" not in one and "MEASURE(" not in one["expr"]:
            for column in tree.find_all(exp.Column):
                # Databricks names the joins on the way, SQL the last of them.
                column.set("db", None)
            value = tree.sql("duckdb")
            yield one["name"], f"select {value} from {view['source']} as source{joins}"


def _joins(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in part.get("joins", ()):
        yield one
        yield from _joins(one)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("bikes", marks=[pytest.mark.slow, pytest.mark.xdist_group("bikes")]),
        pytest.param("market", marks=pytest.mark.xdist_group("market")),
    ],
)
def test_metric_views_give_the_engine_s_numbers(name: str, request: pytest.FixtureRequest) -> None:
    built: SmallProject = request.getfixturevalue(name)
    project = parse_exported_project(load_target(built.directory, "duckdb"))
    files = databricks_views(project.layer, name).files.values()
    queries = {metric: query for text in files for metric, query in _totals(text)}
    with ExitStack() as stack:
        connection = built.connect(stack, "duckdb")
        expected = {metric: connection.query([metric]).rows()[0][metric] for metric in queries}
    warehouse = built.directory / "warehouse" / f"{name}.duckdb"
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as asked:
        found = {metric: asked.execute(query).fetchall()[0][0] for metric, query in queries.items()}
    assert len(found) >= LEAST_METRICS
    assert {metric: float(value) for metric, value in found.items()} == pytest.approx(
        {metric: float(value) for metric, value in expected.items()}
    )
