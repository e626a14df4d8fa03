"""This project's own history, reviewed by its own commands."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("own history")

ROOT = Path(__file__).parent.parent.parent


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - the git on the PATH
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def metrics_at(commit: str) -> set[str]:
    """Read the names of the metrics out of the files as they were, without dbt."""
    files = git("ls-tree", "-r", "--name-only", commit, "--", "metrics").splitlines()
    return {
        metric["name"]
        for file in files
        for metric in yaml.safe_load(git("show", f"{commit}:{file}"))["metrics"]
    }


@pytest.fixture(scope="module")
def first_with_metrics() -> str:
    """Give the first commit of the main line that defines metrics; skip where it is not here."""
    try:
        commits = git("log", "--first-parent", "--reverse", "--format=%H", "--", "metrics")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the history of the project is not here")
    if not commits or git("rev-parse", "--is-shallow-repository") == "true":
        pytest.skip("only a part of the project's history is here")
    return commits.splitlines()[0]


def test_the_first_metrics_against_those_of_today(
    first_with_metrics: str, run_metrics: RunMetrics
) -> None:
    done = run_metrics("diff", first_with_metrics, "HEAD", "--format", "json", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    before, after = metrics_at(first_with_metrics), metrics_at("HEAD")
    changes = [one for one in document["changes"] if one["kind"] == "metric"]
    come = {one["name"] for one in changes if one["action"] in ("added", "renamed")}
    gone = {
        one["old_name"] or one["name"] for one in changes if one["action"] in ("removed", "renamed")
    }
    assert come == after - before
    assert gone == before - after
    assert set(document["untouched"]) <= before & after
    assert document["tier"] == "major"
