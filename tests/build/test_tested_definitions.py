"""Whether a build may test what it rewrites alone: if the live one passed the same tests."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from metrics_store.build.build_options import BuildOptions
from metrics_store.build.parsed_project import renew_environment
from metrics_store.build.tested_definitions import definitions_hash, telling_what_was_tested

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "DBT_ENV_CUSTOM_ENV_TESTED_BEFORE"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nmodel-paths: [models, metrics]\n")
    for directory in ("models", "metrics", "seeds", "target"):
        (tmp_path / directory).mkdir()
    (tmp_path / "models" / "orders.yml").write_text("models: []\n")
    (tmp_path / "target" / "manifest.json").write_text('{"metadata": {}}')
    return tmp_path


def _build(project: Path, options: BuildOptions | None = None) -> str:
    """Do what a build does around dbt; give what dbt was told."""
    with telling_what_was_tested(project, project / "target", options or BuildOptions()):
        told = os.environ[TOLD]
        renew_environment(project / "target")
    assert TOLD not in os.environ
    return told


def test_what_was_built_whole_has_passed_its_tests(project: Path) -> None:
    assert [_build(project) for _ in range(3)] == ["false", "true", "true"]


def test_where_nothing_was_built(project: Path) -> None:
    (project / "target" / "manifest.json").unlink()
    with telling_what_was_tested(project, project / "target", BuildOptions()):
        assert os.environ[TOLD] == "false"


@pytest.mark.parametrize("file", ["dbt_project.yml", "metrics/sales.yml", "tests/new.sql"])
def test_a_changed_definition_was_not_tested(project: Path, file: str) -> None:
    _build(project)
    (project / file).parent.mkdir(exist_ok=True)
    with (project / file).open("a") as definition:
        definition.write("# another\n")
    assert [_build(project), _build(project)] == ["false", "true"]


@pytest.mark.parametrize("name", ["seeds/quotas.csv", "README.md", "target/compiled.sql"])
def test_data_and_documents_are_no_definitions(project: Path, name: str) -> None:
    before = definitions_hash(project)
    (project / name).write_text("a,b\n1,2\n")
    assert definitions_hash(project) == before


def test_all_tests_on_demand(project: Path) -> None:
    _build(project)
    assert _build(project, BuildOptions(all_tests=True)) == "false"
    assert _build(project) == "true"


@pytest.mark.parametrize("options", [BuildOptions(select=("a",)), BuildOptions(exclude=("b",))])
def test_a_part_vouches_for_nothing(project: Path, options: BuildOptions) -> None:
    _build(project)
    assert [_build(project, options), _build(project), _build(project)] == ["true", "false", "true"]


def test_tests_that_dbt_was_told_to_leave_out(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test")
    assert [_build(project), _build(project)] == ["false", "false"]


def test_what_was_set_before_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOLD, "mine")
    with telling_what_was_tested(project, project / "target", BuildOptions()):
        assert os.environ[TOLD] == "false"
        renew_environment(project / "target")
    assert os.environ[TOLD] == "mine"
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    assert manifest["metadata"]["env"]["TESTED_BEFORE"] == "false"
