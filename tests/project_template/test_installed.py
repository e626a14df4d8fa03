"""The package as users have it: a wheel in an environment of its own, and no clone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from metrics_store.project_template.template_files import read_template
from project_template.test_init import files_below
from serve.server_process import serving

pytestmark = pytest.mark.xdist_group("shop")


def run(*arguments: str | Path, directory: Path) -> str:
    done = subprocess.run(arguments, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_makes_a_project(installed_metrics: Path, tmp_path: Path) -> None:
    python = installed_metrics.with_name("python")
    code = "import metrics_store; print(metrics_store.__file__)"
    found = run(python, "-c", code, directory=tmp_path).strip()
    assert Path(found).is_relative_to(installed_metrics.parents[1])

    run(installed_metrics, "init", "my_store", directory=tmp_path)
    made = files_below(tmp_path / "my_store")
    assert {name: made.get(name) for name in read_template()} == read_template()
    told = run(installed_metrics, "upgrade", "--check", directory=tmp_path / "my_store")
    assert told.startswith("nothing to upgrade")


@pytest.mark.slow
def test_it_answers_any_project(installed_metrics: Path, shop: Path, tmp_path: Path) -> None:
    query = ("query", "--metrics", "revenue", "--format", "csv")
    answer = run(installed_metrics, *query, directory=shop)
    (row,) = answer.splitlines()[1:]
    assert float(row) > 0
    with serving(installed_metrics, shop, directory=tmp_path) as server:
        given = server.get("/v1/query?metrics=revenue&format=csv")
        assert given.status_code == 200
        assert given.text.splitlines()[1:] == [row]
