"""The command itself, in a dbt project that knows nothing of sales."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import duckdb
import pytest

from load.contracts.test_contract import write_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[str]]

SOURCES = """
sources:
  - name: garden
    schema: raw_garden
    tables:
      - name: plant_bed
        columns:
          - {name: id, data_type: bigint, data_tests: [not_null, unique]}
          - {name: planted_on, data_type: date}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = write_project(tmp_path / "project", sources=SOURCES)
    (directory / "files").mkdir()
    (directory / "files" / "PlantBed.csv").write_text("ID,PlantedOn\n1,2024-03-01\n2,\n")
    return directory


def rows(project: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project / "library.duckdb"), read_only=True) as connection:
        return connection.execute("select id from raw_garden.plant_bed order by id").fetchall()


def test_loads_and_says_what(project: Path, run_metrics: Run) -> None:
    done = run_metrics("load", "garden", "files", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "raw_garden.plant_bed: 2 rows from PlantBed.csv",
        "loaded garden into the target here",
    ]
    assert rows(project) == [(1,), (2,)]


@pytest.mark.slow
def test_a_broken_file_ends_with_a_message_and_no_traceback(
    project: Path, run_metrics: Run
) -> None:
    assert run_metrics("load", "garden", "files", cwd=project).returncode == 0
    (project / "files" / "PlantBed.csv").write_text("id,planted_on\n7,2024-02-30\n")
    done = run_metrics("load", "garden", "files", cwd=project)
    assert (done.returncode, done.stdout) == (1, "")
    assert "PlantBed.csv, line 2, column planted_on: '2024-02-30' does not fit" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(project) == [(1,), (2,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (["load", "shop", "files"], 1, "one of garden"),
        (["load", "garden", "nowhere"], 1, "nowhere"),
        (["load", "garden", "files", "--target", "moon"], 1, "no target named moon"),
        (["load", "garden"], 2, "Missing argument 'DIR'"),
        (["load", "garden", "files", "--fast"], 2, "No such option"),
    ],
)
def test_wrong_calls(
    arguments: list[str], exit_code: int, says: str, project: Path, run_metrics: Run
) -> None:
    done = run_metrics(*arguments, cwd=project)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "library.duckdb").exists()


@pytest.mark.slow
def test_a_load_that_is_stopped_leaves_nothing_behind(
    project: Path, metrics_command: Path, tmp_path: Path
) -> None:
    large = "".join(f"{number},2024-03-01\n" for number in range(600_000))
    (project / "files" / "PlantBed.csv").write_text("id,planted_on\n" + large)
    passing = tmp_path / "passing"
    passing.mkdir()
    process = subprocess.Popen(
        [metrics_command, "load", "garden", "files"],
        cwd=project,
        env={**os.environ, "TMPDIR": str(passing)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not list(passing.glob("metrics-load-*/staging.duckdb")):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    output, messages = process.communicate()
    assert (process.returncode, output) == (128 + signal.SIGTERM, "")
    assert "stopped (SIGTERM)" in messages
    assert list(passing.glob("metrics-load-*")) == []
    assert not (project / "library.duckdb").exists()


@pytest.mark.slow
def test_says_what_was_set_aside_and_what_is_empty(project: Path, run_metrics: Run) -> None:
    notes = "{load: {optional: true, without: nobody knows when}}"
    path = project / "models" / "sources.yml"
    path.write_text(
        path.read_text().replace(
            "data_type: date}", f"data_type: date, config: {{meta: {notes}}}}}"
        )
    )
    (project / "files" / "PlantBed.csv").write_text("Id\n1\nx\n")
    done = run_metrics("load", "garden", "files", "--reject-to", "rejects.csv", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "raw_garden.plant_bed: 1 rows from PlantBed.csv",
        "  PlantBed.csv has no column PlantedOn: nobody knows when",
        "1 row was set aside and not loaded: rejects.csv says why",
        "loaded garden into the target here",
    ]
    assert "column Id: 'x' does not fit" in (project / "rejects.csv").read_text()
    assert rows(project) == [(1,)]
