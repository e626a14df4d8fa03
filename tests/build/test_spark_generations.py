"""What a build on Spark keeps, moves and clears away, without Spark."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from metrics_store.build.spark.moved_relations import with_moved_relations, write_moved_manifests
from metrics_store.build.spark.superseded_schemas import drop_superseded
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target
from metrics_store.warehouse.adapters.schema_generations import (
    SchemaGeneration,
    generations_directory,
    live_artifacts,
    live_directory,
    live_generation,
    make_live,
)
from metrics_store.warehouse.adapters.spark_session import in_project

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.warehouse.adapters.spark_catalog import SparkCatalog


class Schemas:
    """A catalog in memory: schema -> name -> whether it is a view."""

    def __init__(self, content: dict[str, dict[str, bool]]) -> None:
        self.content = content

    def tables(self, schema: str) -> set[str]:
        return {name for name, is_view in self.content.get(schema, {}).items() if not is_view}

    def views(self, schema: str) -> set[str]:
        return {name for name, is_view in self.content.get(schema, {}).items() if is_view}

    def drop(self, schema: str, name: str, *, is_view: bool) -> None:
        assert self.content[schema].pop(name) is is_view

    def drop_schema(self, schema: str) -> None:
        assert not self.content.pop(schema, {})


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path, "spark", {"type": "spark", "method": "session"})


def _made(target: Target, generation: SchemaGeneration) -> Path:
    directory = generations_directory(target) / generation.token
    directory.mkdir(parents=True)
    generation.write(directory)
    return directory


def test_a_generation_becomes_live_by_its_link(target: Target) -> None:
    assert live_directory(target) is None
    assert live_generation(target).place("marts", "deals") == "marts"
    assert live_artifacts(target) == target.project_directory / "target" / "targets" / "spark"
    first = SchemaGeneration("g1", "", {"marts": "marts__g1"}, {"marts.deals": "marts__g1"})
    make_live(_made(target, first))
    assert live_generation(target) == first
    assert live_generation(target).place("marts", "deals") == "marts__g1"
    directory = _made(target, SchemaGeneration("g2", "g1"))
    assert live_generation(target) == first
    make_live(directory)
    assert live_artifacts(target) == directory
    (directory / "generation.json").write_text("{")
    with pytest.raises(MetricsStoreError, match="where the tables of a build lie"):
        live_generation(target)


def test_what_neither_the_live_nor_the_one_before_has_goes(target: Target) -> None:
    catalog = Schemas(
        {
            # Another project's.
            "marts__g9": {"deals": False},
            "marts": {"deals": False},
            "marts__g1": {"deals": False, "stages": False, "pulse": True},
            "marts__g2": {"deals": False},
            "marts__g3": {"deals": False},
            "marts__g4": {"deals": False, "pulse": True},
        }
    )
    for number, before, stages in (
        (1, "", "g1"),
        (2, "g1", "g1"),
        (3, "g2", "g1"),
        (4, "g3", "g4"),
    ):
        schema = f"marts__g{number}"
        relations = {"marts.deals": schema, "marts.stages": f"marts__{stages}"}
        token = f"g{number}"
        _made(target, SchemaGeneration(token, before, {"marts": schema}, relations))
    # Of a build that was killed before it made anything.
    (generations_directory(target) / "g5").mkdir()
    make_live(generations_directory(target) / "g3")
    given = cast("SparkCatalog", catalog)
    drop_superseded(target, live_generation(target), given, keep="g4")
    assert catalog.content == {
        "marts__g9": {"deals": False},
        "marts": {"deals": False},
        # What was made first and is still used.
        "marts__g1": {"stages": False},
        "marts__g2": {"deals": False},
        "marts__g3": {"deals": False},
        "marts__g4": {"deals": False, "pulse": True},
    }
    drop_superseded(target, live_generation(target), given)
    assert "marts__g4" not in catalog.content
    left = {path.name for path in generations_directory(target).iterdir()}
    assert left == {"g1", "g2", "g3", "live"}


def test_views_and_manifests_name_relations_where_they_lie(tmp_path: Path) -> None:
    moves = {"marts.deals": "marts__g1", "marts__g0.stages": "marts__g1"}
    text = (
        "select deals.id, `marts`.`deals`.id, 'x' as `a.marts`\n"
        "from marts.deals join marts__g0.stages on true join other.marts.deals join marts.dealsx"
    )
    assert with_moved_relations(text, moves) == (
        "select deals.id, `marts`.`deals`.id, 'x' as `a.marts`\n"
        "from marts__g1.deals join marts__g1.stages on true join other.marts.deals "
        "join marts.dealsx"
    )
    node = {"schema": "marts", "alias": "deals", "relation_name": "marts.deals"}
    relation = {"schema_name": "marts", "alias": "deals", "relation_name": "marts.deals"}
    manifest = {
        "nodes": {"deals": node, "test": {"schema": "tests", "alias": "a", "relation_name": None}},
        "semantic_models": {"deals": {"node_relation": dict(relation)}},
    }
    definitions = {
        "semantic_models": [{"node_relation": dict(relation)}],
        "project_configuration": {"time_spines": [{"node_relation": dict(relation)}]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "semantic_manifest.json").write_text(json.dumps(definitions))
    made = tmp_path / "made"
    made.mkdir()
    write_moved_manifests(
        tmp_path, made, SchemaGeneration("g1", relations={"marts.deals": "marts__g1"})
    )
    moved = {"schema_name": "marts__g1", "alias": "deals", "relation_name": "marts__g1.deals"}
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest["nodes"]["deals"]["relation_name"] == "marts__g1.deals"
    assert manifest["nodes"]["test"]["schema"] == "tests"
    assert manifest["semantic_models"]["deals"]["node_relation"] == moved
    definitions = json.loads((made / "semantic_manifest.json").read_text())
    assert definitions["semantic_models"][0]["node_relation"] == moved
    assert definitions["project_configuration"]["time_spines"][0]["node_relation"] == moved


def test_paths_of_spark_start_at_the_project(tmp_path: Path) -> None:
    key = "spark.hadoop.javax.jdo.option.ConnectionURL"

    def read(place: str, url: str) -> tuple[str, str]:
        given = {"spark.sql.warehouse.dir": place, key: url}
        found = in_project({"server_side_parameters": given}, tmp_path)["server_side_parameters"]
        return found["spark.sql.warehouse.dir"], found[key]

    assert read("tables", "jdbc:derby:;databaseName=meta/store;create=true") == (
        str(tmp_path / "tables"),
        f"jdbc:derby:;databaseName={tmp_path / 'meta/store'};create=true",
    )
    kept = ("s3a://lake/tables", "jdbc:postgresql://host/metastore")
    assert read(*kept) == kept
    kept = ("/lake/tables", "jdbc:derby:;databaseName=/meta/store;create=true")
    assert read(*kept) == kept
