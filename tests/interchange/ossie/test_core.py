"""What Ossie's core says of metrics gives the engine's numbers, and dbt reads it as it is meant."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot
from metricflow.converters.models import OSIDocument
from metricflow.converters.osi_to_msi import OSIToMSIConverter
from sqlglot import exp

from metrics_store.interchange.exported_project import parse_exported_project
from metrics_store.interchange.layer.metric import Aggregate
from metrics_store.interchange.ossie.document_writer import write_document
from metrics_store.interchange.ossie.ossie_versions import VERSIONS
from metrics_store.project.profile import load_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.interchange.exported_project import ExportedProject
    from projects import SmallProject


# So many that neither project can have lost its own.
LEAST_METRICS = 15


class CoreReader:
    """Computes metrics of a document out of its core alone, in DuckDB.

    Each aggregate is a query over its dataset, to which others are joined by the relationships
    that the document has; what is made of aggregates is made of their values.
    """

    def __init__(self, model: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> None:
        self._model = model
        self._connection = connection
        for dataset in model["datasets"]:
            fields = [
                f"{one['expression']['dialects'][0]['expression']} as {one['name']}"
                for one in dataset["fields"]
            ]
            names = {one["name"] for one in dataset["fields"]}
            keys = [*dataset.get("primary_key", ()), *self._key_columns(dataset["name"])]
            fields += [name for name in dict.fromkeys(keys) if name not in names]
            connection.execute(
                f"create temp view {dataset['name']} as "
                f"select {', '.join(fields)} from {dataset['source']}"
            )

    def _key_columns(self, name: str) -> list[str]:
        return [
            column
            for one in self._model["relationships"]
            for end in ("from", "to")
            if one[end] == name
            for column in one[f"{end}_columns"]
        ]

    def total(self, metric: dict[str, Any]) -> float | None:
        text = metric["expression"]["dialects"][0]["expression"]
        tree = sqlglot.parse_one(text)
        for node in [*tree.find_all(exp.AggFunc), *tree.find_all(exp.WithinGroup)]:
            if isinstance(node, exp.WithinGroup) or not isinstance(node.parent, exp.WithinGroup):
                query = sqlglot.parse_one(f"select {node.sql()} {self._joined(node)}")
                found = exp.Subquery(this=query)
                if node is tree:
                    tree = found
                else:
                    node.replace(found)
        row = self._connection.execute(f"select {tree.sql('duckdb')}").fetchone()
        return None if row is None or row[0] is None else float(row[0])

    def _joined(self, node: exp.Expr) -> str:
        needed = {column.table for column in node.find_all(exp.Column)}
        starts = [one["name"] for one in self._model["datasets"] if one["name"] in needed]
        for start in starts or [self._model["datasets"][0]["name"]]:
            joined, text = {start}, f"from {start}"
            waiting = True
            while waiting:
                waiting = False
                for one in self._model["relationships"]:
                    if one["from"] in joined and one["to"] not in joined:
                        pairs = zip(one["from_columns"], one["to_columns"], strict=True)
                        on = " and ".join(f"{one['from']}.{a} = {one['to']}.{b}" for a, b in pairs)
                        text += f" left join {one['to']} on {on}"
                        joined.add(one["to"])
                        waiting = True
            if needed <= joined:
                return text
        raise AssertionError(f"no dataset leads to all of {needed}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("bikes", marks=pytest.mark.xdist_group("bikes")),
        pytest.param("market", marks=pytest.mark.xdist_group("market")),
    ],
)
def test_the_core_gives_the_engine_s_numbers(name: str, request: pytest.FixtureRequest) -> None:
    built: SmallProject = request.getfixturevalue(name)
    project = parse_exported_project(load_target(built.directory, "duckdb"))
    model = json.loads(write_document(project, VERSIONS["0.2.0.dev0"]).text)["semantic_model"][0]
    metrics = {one["name"]: one for one in model["metrics"]}
    with ExitStack() as stack:
        connection = built.connect(stack, "duckdb")
        expected = {metric: connection.query([metric]).rows()[0][metric] for metric in metrics}
    warehouse = built.directory / "warehouse" / f"{name}.duckdb"
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as asked:
        reader = CoreReader(model, asked)
        found = {metric: reader.total(one) for metric, one in metrics.items()}
    assert len(found) >= LEAST_METRICS
    assert found == pytest.approx(
        {metric: None if value is None else float(value) for metric, value in expected.items()}
    )


def test_dbt_reads_of_its_version_what_is_meant(
    exported: Callable[[str], ExportedProject],
) -> None:
    project = exported("market")
    document = OSIDocument.parse_raw(write_document(project, VERSIONS["0.1.1"]).text)
    read = OSIToMSIConverter().convert(document).output
    assert read.metrics
    for metric in read.metrics:
        meant = project.layer.metrics[metric.name].definition
        said = metric.type_params.metric_aggregation_params
        assert isinstance(meant, Aggregate)
        assert (said.semantic_model, said.agg.value) == (meant.model, meant.function)
        assert metric.type_params.expr == meant.expr
    for model in read.semantic_models:
        meant_model = project.layer.models[model.name]
        assert model.node_relation.alias == meant_model.relation.table
        types = {entity.name: entity.type.value for entity in model.entities}
        joined = {join.entity for join in project.layer.joins if join.from_model == model.name}
        for entity in meant_model.entities:
            if entity.type != "foreign" or entity.name in joined:
                assert types[entity.name] == entity.type
