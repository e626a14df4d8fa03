"""The text for other layers: snapshots of it, and that its SQL parses."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlglot
import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.layer.metric import Aggregate
from metrics_store.interchange.renderers.csv_dictionary import csv_dictionary
from metrics_store.interchange.renderers.databricks_views import databricks_views
from metrics_store.interchange.renderers.lookml_views import lookml_views
from metrics_store.interchange.renderers.snowflake_view import snowflake_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.renderers.rendered_export import RenderedExport

    Renderer = Callable[[SemanticLayer, str], RenderedExport]

RENDERERS: dict[str, Renderer] = {
    "snowflake": snowflake_view,
    "databricks": databricks_views,
    "lookml": lookml_views,
    "dictionary": csv_dictionary,
}
SNAPSHOTS = Path(__file__).parent / "snapshots"
LAYERS = ("bikes_layer", "market_layer")


@pytest.mark.parametrize("name", RENDERERS)
def test_snapshots_are_what_is_rendered(
    name: str, market_layer: SemanticLayer, pytestconfig: pytest.Config
) -> None:
    files = RENDERERS[name](market_layer, "market").in_directory(SNAPSHOTS / name)
    if pytestconfig.getoption("update"):
        files.write()
    assert files.stale() == [], "read what changed, then run this test with --update"


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("layer", LAYERS)
def test_every_metric_is_said_or_named(
    name: str, layer: str, request: pytest.FixtureRequest
) -> None:
    definitions: SemanticLayer = request.getfixturevalue(layer)
    rendered = RENDERERS[name](definitions, "project")
    metrics = {one.name for one in definitions.metrics.values() if not one.is_private}
    assert rendered.said | set(rendered.unsaid) == metrics
    assert not rendered.said & set(rendered.unsaid)
    found = [one for text in rendered.files.values() for one in _metrics(name, text)]
    assert sorted(found) == sorted(rendered.said)


def _metrics(name: str, text: str) -> list[str]:
    """Give the metrics that a file defines."""
    if name == "databricks":
        return [str(one["name"]) for one in yaml.safe_load(text)["measures"]]
    if name == "dictionary":
        rows = csv.DictReader(io.StringIO(text))
        return [row["name"] for row in rows if row["kind"] == "metric"]
    if name == "lookml":
        return re.findall(r"measure: (\w+) {", text)
    _, _, defined = text.partition("  metrics (\n")
    start = r"^    (?:\w+\.)?(\w+) (?:non additive by \(.*?\) )?as "
    return re.findall(start, defined, re.MULTILINE)


@pytest.mark.parametrize("layer", LAYERS)
def test_snowflake_s_expressions_parse(layer: str, request: pytest.FixtureRequest) -> None:
    text = snowflake_view(request.getfixturevalue(layer), "project").files["project.sql"]
    _, _, defined = text.partition("  dimensions (\n")
    found = re.findall(r"^    \S+ (?:non additive by \(.*?\) )?as (.*?),?$", defined, re.MULTILINE)
    assert len(found) > 30
    for one in found:
        expression = re.split(r" with synonyms = \('| comment = '", one)[0]
        assert sqlglot.parse_one(expression, read="snowflake").sql("snowflake") == expression


@pytest.mark.parametrize("layer", LAYERS)
def test_databricks_expressions_parse_and_name_what_is_there(
    layer: str, request: pytest.FixtureRequest
) -> None:
    for text in databricks_views(request.getfixturevalue(layer), "project").files.values():
        view = yaml.safe_load(text)
        assert view["version"] == 1.1
        names = [one["name"] for one in (*view["dimensions"], *view["measures"])]
        assert len(names) == len(set(names))
        joins = list(_joins(view))
        assert len(joins) == len(set(joins))
        for one in (*view["dimensions"], *view["measures"]):
            tree = sqlglot.parse_one(one["expr"], read="databricks")
            tables = {column.table for column in tree.find_all(sqlglot.exp.Column)}
            assert tables <= {"source", "", *joins}
            for window in one.get("window", ()):
                assert window["order"] in names


def _joins(part: dict[str, Any]) -> Any:  # noqa: ANN401 - texts
    for one in part.get("joins", ()):
        yield one["name"]
        yield from _joins(one)


@pytest.mark.parametrize("layer", LAYERS)
def test_lookml_s_blocks_are_closed(layer: str, request: pytest.FixtureRequest) -> None:
    for text in lookml_views(request.getfixturevalue(layer), "project").files.values():
        bare = re.sub(r"\$\{[^}]*\}|\"[^\"]*\"", "", text)
        assert bare.count("{") == bare.count("}")
        assert "__" not in re.sub(r"\w+__\w+ (?:IS|=)", "", bare).replace("sql_", "")


def test_the_dictionary_has_a_row_for_everything(bikes_layer: SemanticLayer) -> None:
    text = csv_dictionary(bikes_layer, "bikes").files["bikes.csv"]
    rows = list(csv.DictReader(io.StringIO(text)))
    elements = [
        one for model in bikes_layer.models.values() for one in (*model.entities, *model.dimensions)
    ]
    metrics = [one for one in bikes_layer.metrics.values() if not one.is_private]
    assert len(rows) == len(metrics) + len(elements)
    formulas = {row["name"]: row["formula"] for row in rows if row["kind"] == "metric"}
    assert formulas["fees_7_days"].endswith("over 7 day, last of a period")
    assert formulas["bikes_of_station"] == "sum(bikes) at the last counted_on of each station"
    assert formulas["ebike_share"] == "rides where ride__kind = 'ebike' / rides"


@pytest.mark.parametrize("name", RENDERERS)
def test_stale_files_are_told(name: str, market_layer: SemanticLayer, tmp_path: Path) -> None:
    files = RENDERERS[name](market_layer, "market").in_directory(tmp_path)
    files.write()
    assert files.write() == []
    changed = next(iter(sorted(tmp_path.rglob("*.*"))))
    changed.write_text(changed.read_text() + "\n")
    with pytest.raises(MetricsStoreError, match="do not say what the metrics say now"):
        files.check("write them")


@pytest.mark.parametrize("name", ["snowflake", "databricks", "lookml"])
def test_sql_that_cannot_be_read_is_named(name: str, market_layer: SemanticLayer) -> None:
    orders = market_layer.models["orders"]
    unreadable = replace(
        orders,
        dimensions=tuple(
            replace(one, expr="((") if one.name == "status" else one for one in orders.dimensions
        ),
        entities=tuple(
            replace(one, expr=")") if one.name == "customer" else one for one in orders.entities
        ),
    )
    largest = market_layer.metrics["largest_order"]
    assert isinstance(largest.definition, Aggregate)
    broken = replace(largest, definition=replace(largest.definition, expr="amount +"))
    layer = replace(
        market_layer,
        models={**market_layer.models, "orders": unreadable},
        metrics={**market_layer.metrics, "largest_order": broken},
    )
    rendered = RENDERERS[name](layer, "market")
    assert rendered.unsaid["largest_order"] == "its SQL cannot be read: amount +"
    assert rendered.unsaid["revenue_paid"] == "its SQL cannot be read: (("
    lost = "\n".join(rendered.lost)
    assert "status of orders: its SQL cannot be read: ((" in lost
    assert "from orders to customers by customer: its key cannot be read" in lost
    assert "revenue" in rendered.said


def test_a_metric_is_not_called_as_a_column_that_others_aggregate(
    bikes_layer: SemanticLayer,
) -> None:
    unsaid = snowflake_view(bikes_layer, "bikes").unsaid
    assert unsaid["bikes"] == "it has the name of a column of counts"
    assert unsaid["minutes"] == "rides has a dimension of its name"
