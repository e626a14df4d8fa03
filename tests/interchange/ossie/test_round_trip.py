"""What is exported and imported again means the same, by the review's own normal form."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from definitions.warehouses import ROOT, parse_definitions
from interchange.ossie.conftest import SMALL_PROJECTS
from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.exported_project import (
    ExportedProject,
    parse_exported_project,
    read_exported_project,
)
from metrics_store.interchange.layer.layer_reader import read_layer
from metrics_store.interchange.ossie.checks.ossie_check import checked_document, document_problems
from metrics_store.interchange.ossie.document_reader import read_definitions
from metrics_store.interchange.ossie.document_writer import write_document
from metrics_store.interchange.ossie.ossie_versions import VERSIONS
from metrics_store.interchange.properties.metric_properties import metric_properties
from metrics_store.interchange.properties.property_files import definition_files, write_files
from metrics_store.interchange.properties.semantic_model_properties import (
    semantic_model_properties,
)
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.review.projects.project_reader import read_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.interchange.ossie.ossie_versions import OssieVersion
    from metrics_store.review.definitions.definition import Definition

NEWEST = VERSIONS["0.2.0.dev0"]
# dbt renders what stands in YAML; this comes back as it is.
RENDERED = "All {{ env_var('HOME') }} of it, {% raw %} and {# not #} a {{ 'word' }} less."
PARTS = ("semantic_models", "metrics", "saved_queries")


def _meanings(project: ExportedProject) -> dict[str, Definition]:
    """Give all definitions as the review compares them, wherever they are written."""
    read = read_project(project.manifest, project.semantic_manifest, None, by_content=False)
    return {
        name: replace(one, file="", uses=tuple(sorted(one.uses)))
        for name, one in read.definitions.items()
    }


def without_definitions(project: Path, copy: Path) -> Path:
    """Copy a project with its tables and without any definition."""
    ignored = ("target", "warehouse", "logs", ".*", "tests", "app", "docs", "benchmarks", "src")
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*ignored), symlinks=True)
    (copy / "tests").mkdir(exist_ok=True)
    for path in copy.rglob("*.yml"):
        content = yaml.safe_load(path.read_text()) if path.parent != copy else None
        if isinstance(content, dict) and set(content) - {"version"} <= {*PARTS}:
            path.unlink()
    return copy


def _import(project: ExportedProject, file: Path, copy: Path) -> ExportedProject:
    file.write_text(write_document(project, NEWEST).text)
    read = read_definitions(checked_document(file)[0])
    write_files(copy / "models" / "imported", definition_files(read.by_part, {}), replace=False)
    return parse_exported_project(load_target(copy, "duckdb"))


@pytest.mark.slow
@pytest.mark.usefixtures("forked_python")
@pytest.mark.parametrize("name", SMALL_PROJECTS)
def test_foreign_definitions_come_back_as_they_were(
    name: str, exported: Callable[[str], ExportedProject], tmp_path: Path
) -> None:
    project = exported(name)
    manifest = json.loads(json.dumps(project.semantic_manifest))
    manifest["metrics"][0]["description"] = RENDERED
    project = replace(project, semantic_manifest=manifest)
    copy = without_definitions(SMALL_PROJECTS[name], tmp_path / "copy")
    imported = _import(project, tmp_path / "document.json", copy)
    assert _meanings(imported) == _meanings(project)


@pytest.mark.slow
def test_own_definitions_come_back_as_they_were(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = read_exported_project(parse_definitions(tmp_path_factory), ROOT)
    # Not by a process that is forked: it knows the project by its name, and parses what changed,
    # whereby dbt loses snapshots.
    copy = without_definitions(ROOT, tmp_path / "copy")
    imported = _import(project, tmp_path / "document.json", copy)
    meanings = _meanings(project)
    assert _meanings(imported) == meanings
    assert sum(name.startswith("metric ") for name in meanings) == len(
        project.semantic_manifest["metrics"]
    )


@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
@pytest.mark.parametrize("name", SMALL_PROJECTS)
def test_each_property_is_read_as_it_was_written(
    name: str, version: OssieVersion, exported: Callable[[str], ExportedProject]
) -> None:
    project = exported(name)
    manifest = project.semantic_manifest
    document = json.loads(write_document(project, version).text)
    assert document_problems(document) == []
    read = read_definitions(document).by_part
    models = [
        semantic_model_properties(one, project.reference(one["name"]))
        for one in manifest["semantic_models"]
    ]
    assert _sorted(read["semantic_models"]) == _sorted(models)
    assert _sorted(read["metrics"]) == _sorted(list(map(metric_properties, manifest["metrics"])))


def _sorted(definitions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order definitions and their elements by name."""
    elements = ("entities", "dimensions", "measures")
    return sorted(
        (
            {
                key: sorted(value, key=lambda one: str(one["name"])) if key in elements else value
                for key, value in each.items()
            }
            for each in definitions
        ),
        key=lambda one: str(one["name"]),
    )


def test_the_same_definitions_give_the_same_bytes(
    exported: Callable[[str], ExportedProject],
) -> None:
    project = exported("bikes")
    manifest = json.loads(json.dumps(project.semantic_manifest))
    for part in ("semantic_models", "metrics"):
        manifest[part].reverse()
    turned = replace(project, semantic_manifest=manifest)
    assert write_document(turned, NEWEST) == write_document(project, NEWEST)


def test_policies_come_back_as_a_file_to_read_first(
    exported: Callable[[str], ExportedProject], tmp_path: Path
) -> None:
    policies = {"policies": [{"name": "all", "to": "*", "metrics": ["*"]}]}
    document = json.loads(
        write_document(replace(exported("market"), policies=policies), NEWEST).text
    )
    read = read_definitions(document)
    write_files(tmp_path, definition_files({}, read.policies), replace=False)
    assert yaml.safe_load((tmp_path / "access.yml").read_text()) == policies
    with pytest.raises(MetricsStoreError, match="files are there"):
        write_files(tmp_path, definition_files({}, read.policies), replace=False)


def test_what_only_the_warehouse_reads_stands_in_the_extension(
    exported: Callable[[str], ExportedProject],
) -> None:
    project = exported("market")
    manifest = json.loads(json.dumps(project.semantic_manifest))
    orders = next(one for one in manifest["semantic_models"] if one["name"] == "orders")
    for part, name in (("dimensions", "channel"), ("measures", "amount_sum")):
        next(one for one in orders[part] if one["name"] == name)["expr"] = "amount // 2"
    layer = read_layer(parse_semantic_manifest(json.dumps(manifest)), "duckdb")
    changed = replace(project, semantic_manifest=manifest, layer=layer)
    written = write_document(changed, NEWEST)
    assert "web_share" in written.unsaid
    assert written.unsaid["revenue"] == ("what it aggregates is no SQL that all read: amount // 2")
    document = json.loads(written.text)
    assert document_problems(document) == []
    read = {one["name"]: one for one in read_definitions(document).semantic_models}
    expected = semantic_model_properties(orders, project.reference("orders"))
    assert _sorted([read["orders"]]) == _sorted([expected])


def test_groups_stand_in_the_extensions(
    exported: Callable[[str], ExportedProject], tmp_path: Path
) -> None:
    project = exported("market")
    manifest = json.loads(json.dumps(project.manifest))
    node = manifest["metrics"]["metric.market.revenue"]
    node["config"]["group"] = "sales"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "semantic_manifest.json").write_text(json.dumps(project.semantic_manifest))
    text = write_document(read_exported_project(tmp_path, tmp_path), NEWEST).text
    read = {one["name"]: one for one in read_definitions(json.loads(text)).metrics}
    assert read["revenue"]["config"]["group"] == "sales"
    assert "config" not in read["orders_paid"]
