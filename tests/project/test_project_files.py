"""Which state of a project's files dbt's manifests are of."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from metrics_store.project import artifacts
from metrics_store.project.artifacts import parse_project
from metrics_store.project.profile import Target, load_target
from metrics_store.project.project_files import state_of_files
from projects import TINY_PROJECT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(TINY_PROJECT, tmp_path / "shop")


@pytest.fixture
def target(project: Path) -> Target:
    return load_target(project)


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(text)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("models/shop.yml", "\n"),
        ("models/of_mine/new.sql", "select 1 as one"),
        ("macros/new.sql", "{% macro one() %}1{% endmacro %}"),
        ("seeds/new.csv", "a\n1\n"),
        ("dbt_project.yml", "# more\n"),
        ("dbt_packages/theirs/models/one.sql", "select 1 as one"),
    ],
)
def test_what_dbt_reads_makes_another_state(
    target: Target, project: Path, file: str, text: str
) -> None:
    before = state_of_files(target)
    _append(project / file, text)
    assert state_of_files(target) != before


def test_what_dbt_does_not_read_makes_none(
    target: Target, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of_files(target)
    _append(project / "README.md", "words")
    _append(project / "target" / "manifest.json", "{}")
    monkeypatch.setenv("OF_NOBODY", "1")
    assert state_of_files(target) == before


def test_the_target_and_the_environment_count(
    target: Target, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _append(project / "models" / "named.sql", "select '{{ env_var(\"SHOP_NAME\", 'a') }}' as name")
    states = {state_of_files(target)}
    monkeypatch.setenv("SHOP_NAME", "b")
    states.add(state_of_files(target))
    monkeypatch.setenv("DBT_WARN_ERROR", "true")
    states.add(state_of_files(target))
    elsewhere = replace(target, settings={**target.settings, "schema": "elsewhere"})
    states.add(state_of_files(elsewhere))
    assert len(states) == 4
    # No trace of a password is left in the directory of the artifacts.
    secret = replace(elsewhere, settings={**elsewhere.settings, "password": "of mine"})
    assert state_of_files(secret) == state_of_files(elsewhere)


def test_where_a_template_names_the_files_nobody_can_tell(target: Target, project: Path) -> None:
    text = (project / "dbt_project.yml").read_text()
    (project / "dbt_project.yml").write_text(f"{text}\nanalysis-paths: ['{{{{ target.name }}}}']\n")
    assert state_of_files(target) == ""


def test_files_are_parsed_again_when_they_changed(
    target: Target, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def parse(*_arguments: object, **_options: object) -> None:
        parsed.append(1)
        for name in (artifacts.MANIFEST, artifacts.SEMANTIC_MANIFEST):
            _append(artifacts.artifacts_directory(target) / "parse" / name, "{}")

    monkeypatch.setattr(artifacts, "run_dbt", parse)
    directory = parse_project(target)
    assert parse_project(target) == directory
    assert len(parsed) == 1
    _append(project / "models" / "shop.yml", "\n")
    parse_project(target)
    parse_project(target)
    assert len(parsed) == 2
    (directory / artifacts.SEMANTIC_MANIFEST).unlink()
    parse_project(target)
    assert len(parsed) == 3
    # Who edits while dbt reads has it read again, also after taking back what was edited.
    file = project / "models" / "shop.yml"
    before = file.read_text()

    def edit(*arguments: object, **options: object) -> None:
        parse(*arguments, **options)
        file.write_text(f"{before}\n\n")

    monkeypatch.setattr(artifacts, "run_dbt", edit)
    file.write_text(f"{before}\n")
    parse_project(target)
    monkeypatch.setattr(artifacts, "run_dbt", parse)
    file.write_text(f"{before}\n")
    parse_project(target)
    assert len(parsed) == 5
