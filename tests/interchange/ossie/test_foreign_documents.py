"""Documents of others become definitions; what cannot be read is named."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from interchange.ossie.shop_document import expression, shop_document
from interchange.ossie.test_round_trip import without_definitions
from metrics_store.interchange.exported_project import parse_exported_project
from metrics_store.interchange.ossie.checks.ossie_check import document_problems
from metrics_store.interchange.ossie.document_reader import read_definitions
from metrics_store.interchange.ossie.document_writer import write_document
from metrics_store.interchange.ossie.ossie_versions import VERSIONS
from metrics_store.interchange.properties.property_files import definition_files, write_files
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, artifacts_directory
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from projects import MARKET_PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from projects import SmallProject


def _bare(part: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Take all extensions out of a document."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if isinstance(part, dict):
        return {key: _bare(one) for key, one in part.items() if key != "custom_extensions"}
    return part


def _foreign_shop(*metrics: tuple[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = _bare(shop_document())
    document["semantic_model"][0]["metrics"] = [
        {"name": name, "expression": expression(text)} for name, text in metrics
    ]
    return document


def test_keys_and_relationships_become_entities() -> None:
    document = _foreign_shop()
    assert document_problems(document) == []
    read = read_definitions(document)
    orders, customers = read.semantic_models
    assert orders["model"] == "ref('orders')"
    assert orders["entities"] == [
        {"name": "orders", "type": "primary", "expr": "order_id"},
        {"name": "customers", "type": "foreign", "expr": "customer_id"},
    ]
    assert [one["name"] for one in orders["dimensions"]] == ["ordered_on", "amount"]
    assert orders["defaults"] == {"agg_time_dimension": "ordered_on"}
    assert customers["entities"] == [
        {"name": "customers", "type": "primary", "expr": "customer_id"},
        {"name": "customers_email", "type": "unique", "expr": "email"},
    ]


def test_aggregates_become_measures_over_columns() -> None:
    document = _foreign_shop(
        ("revenue", "SUM(orders.amount * 2)"),
        ("share", "CAST(COUNT(DISTINCT orders.customer) AS DOUBLE) / NULLIF(COUNT(*), 0)"),
    )
    document["semantic_model"][0]["datasets"].pop()
    document["semantic_model"][0]["relationships"] = []
    read = read_definitions(document)
    assert read.notes == []
    assert [(one["name"], one["type"]) for one in read.metrics] == [
        ("revenue", "simple"),
        ("share_part_1", "simple"),
        ("share_part_2", "simple"),
        ("share", "derived"),
    ]
    measures = {one["name"]: one for one in read.semantic_models[0]["measures"]}
    assert measures["revenue_measure"] == {
        "name": "revenue_measure",
        "agg": "sum",
        "expr": "amount * 2",
    }
    assert measures["share_part_1_measure"]["expr"] == "customer_id"
    assert measures["share_part_2_measure"]["agg"] == "count"
    assert read.metrics[-1]["type_params"] == {
        "expr": "CAST(share_part_1 AS DOUBLE) / NULLIF(share_part_2, 0)",
        "metrics": [{"name": "share_part_1"}, {"name": "share_part_2"}],
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("orders.amount", "it aggregates nothing"),
        ("SUM(orders.amount) + orders.amount", "it names columns outside of what it aggregates"),
        ("SUM(orders.amount) / MAX(customers.country)", "customers has no time"),
        (
            "SUM(CASE WHEN customers.country = 'CH' THEN orders.amount END)",
            "it aggregates rows of customers and orders",
        ),
        ("STDDEV(orders.amount)", "it aggregates by STDDEV"),
        ("SUM(amount_of_nobody)", "no one dataset has the field amount_of_nobody"),
        ("COUNT(*)", "it aggregates rows of no dataset"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(text: str, reason: str) -> None:
    read = read_definitions(_foreign_shop(("odd", text)))
    assert read.metrics == []
    assert not any(model.get("measures") for model in read.semantic_models)
    assert len(read.notes) == 1
    assert read.notes[0].startswith(f"the metric odd is left out: {reason}")


@pytest.mark.slow
@pytest.mark.xdist_group("market")
def test_a_core_without_extensions_gives_the_same_numbers(
    market: SmallProject, tmp_path: Path
) -> None:
    """The core of the market's document, read as if others had written it."""
    project = parse_exported_project(load_target(market.directory, "duckdb"))
    document = _bare(json.loads(write_document(project, VERSIONS["0.2.0.dev0"]).text))
    read = read_definitions(document)
    copy = without_definitions(MARKET_PROJECT, tmp_path / "copy")
    write_files(copy / "models" / "imported", definition_files(read.by_part, {}), replace=False)
    target = load_target(copy, "duckdb")
    parse_exported_project(target)
    path = artifacts_directory(target) / "parse" / SEMANTIC_MANIFEST
    planner = Planner(read_semantic_manifest(path), "duckdb")
    metrics = [one["name"] for one in document["semantic_model"][0]["metrics"]]
    named = {one["name"] for one in read.metrics}
    kept = [name for name in metrics if name in named]
    with ExitStack() as stack:
        connection = market.connect(stack, "duckdb")
        expected = {name: connection.query([name]).rows()[0][name] for name in kept}
    warehouse = market.directory / "warehouse" / "market.duckdb"
    with duckdb.connect(str(warehouse.resolve()), read_only=True) as asked:
        found = {
            name: asked.execute(planner.plan(MetricRequest(metrics=(name,)))).fetchall()[0][0]
            for name in kept
        }
    assert len(kept) == len(metrics)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        {name: float(value) for name, value in expected.items()}
    )
