"""`metrics demo generate` as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RUN = [sys.executable, "-c", "from metrics_store.cli import main; main()", "demo", "generate"]


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: PLW1510 - the exit code is what is looked at
        [*RUN, *arguments], cwd=directory, capture_output=True, text=True
    )


def test_writes_to_demo_data_and_names_what_it_wrote(tmp_path: Path) -> None:
    done = run(tmp_path, "--scale", "0.01")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo_data" / "truth.json").is_file()
    assert "demo_data/pipedrive/users.parquet: 12 rows" in done.stdout
    assert "demo_data/salesforce/opportunity.parquet: 199 rows" in done.stdout
    assert "demo_data/planning/quota.parquet: 471 rows" in done.stdout
    assert "220/220" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scale", "0"), "--scale"),
        (("--scale", "-2"), "--scale"),
        (("--scale", "nan"), "--scale"),
        (("--output", "file"), "not a directory"),
    ],
)
def test_refuses_with_a_clear_word(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "what to do" in done.stderr
    assert "Traceback" not in done.stderr


def test_demo_alone_runs_the_demo(tmp_path: Path) -> None:
    done = subprocess.run(RUN[:-1], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "this is not inside a dbt project" in done.stderr
