"""`metrics init`: what it makes, and where it makes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project_template.base import read_base
from metrics_store.project_template.project_creation import create_project
from metrics_store.project_template.template_files import read_template
from metrics_store.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics


def files_below(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_a_project_is_the_template_and_what_it_was_made_from(
    tmp_path: Path, run_metrics: RunMetrics
) -> None:
    done = run_metrics("init", "my_store", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    template = read_template()
    assert {*template, ".template/version.yml", ".template/files.zip"} == {
        *(made := files_below(tmp_path / "my_store"))
    }
    assert {name: made[name] for name in template} == template
    base = read_base(tmp_path / "my_store")
    assert (base.version, base.files) == (__version__, template)
    for words in (f"made my_store: {len(template)} files", "cd my_store", "metrics demo"):
        assert words in done.stdout


def test_what_is_hidden_may_be_there(tmp_path: Path, run_metrics: RunMetrics) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".git").mkdir()
    done = run_metrics("init", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "dbt_project.yml").is_file()
    assert "cd ." not in done.stdout


@pytest.mark.parametrize("name", ["notes.txt", "models", ".gitignore"])
def test_a_directory_with_something_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="not empty") as raised:
        create_project(tmp_path)
    assert name in raised.value.where
    assert files_below(tmp_path) == {name: b"mine"}


def test_a_project_is_told_to_upgrade(tmp_path: Path, run_metrics: RunMetrics) -> None:
    create_project(tmp_path)
    done = run_metrics("init", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 1
    assert "metrics upgrade" in done.stderr


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "my_store").write_text("mine", encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="this is a file"):
        create_project(tmp_path / "my_store")


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="cannot be written") as raised:
        create_project(tmp_path / "file" / "my_store")
    assert str(tmp_path / "file") in raised.value.where
