"""Times mean the same at every interface and in every zone, on both warehouses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from serve.server_process import serving
from times.questions import DAYS, QUESTIONS, Right

HERE = Path(__file__).parent
# A day behind and a day ahead of UTC, for the readers; elsewhere again for the builder.
READERS = {"TZ": "America/New_York", "PGTZ": "Pacific/Kiritimati", "PGDATESTYLE": "German"}
BUILDER = {"TZ": "Asia/Tokyo", "PGTZ": "America/Los_Angeles"}
BY_DAY = ["--metrics", "calls", "--group-by", "metric_time__day", "--format", "json"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("times")]


class Project(NamedTuple):
    directory: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def project(
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    metrics_command: Path,
) -> Project:
    """Give the project of the calls, built on both warehouses by somebody far from its readers."""
    directory = tmp_path_factory.mktemp("times") / "calls"
    shutil.copytree(HERE / "calls", directory)
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute("create database calls")
    environment = {
        **os.environ,
        "METRICS_STORE_DEV_HOST": str(postgres_server["host"]),
        "METRICS_STORE_DEV_PORT": str(postgres_server.get("port", 5432)),
        "METRICS_STORE_DEV_USER": str(postgres_server["user"]),
        "METRICS_STORE_DEV_DATABASE": "calls",
        "XDG_CACHE_HOME": str(directory.parent / "cache"),
        "PYTHONPATH": str(HERE.parent),
    }
    for target in ("dev", "duckdb"):
        subprocess.run(
            [metrics_command, "build", "--target", target],
            cwd=directory,
            env={**environment, **BUILDER},
            check=True,
            capture_output=True,
        )
    return Project(directory, {**environment, **READERS})


@pytest.mark.parametrize("target", ["duckdb", "dev"])
def test_every_question_is_answered_right(project: Project, target: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "times.asking", target, str(project.directory)],
        cwd=HERE.parent,
        env=project.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(asked.stdout)
    for (question, right), answer in zip(QUESTIONS, found, strict=True):
        assert _is_right(answer, right), (question, answer)


def _is_right(answer: dict[str, Any], right: Right) -> bool:
    if isinstance(right, str):
        return right in answer.get("refused", "")
    # Whatever the metric and its mart, a time is of one type.
    times = {kind for kind in answer.get("types", ()) if "time" in kind or "date" in kind}
    return answer.get("rows") == right and times <= {"timestamp[us]"}


@pytest.mark.parametrize("target", ["duckdb", "dev"])
def test_the_command_and_the_server_give_the_days_of_utc(
    project: Project, target: str, metrics_command: Path, tmp_path: Path
) -> None:
    asked = subprocess.run(
        [metrics_command, "query", "--target", target, *BY_DAY],
        cwd=project.directory,
        env=project.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    right = [(day.replace(" ", "T"), int(count)) for day, count in DAYS]
    assert [tuple(row.values()) for row in json.loads(asked.stdout)] == right
    with serving(
        metrics_command,
        project.directory,
        "--target",
        target,
        directory=tmp_path,
        environment=project.environment,
    ) as server:
        question = {"metrics": ["calls"], "group_by": ["metric_time__day"]}
        answer = server.post("/v1/query", question).json()
        assert [tuple(row.values()) for row in answer["rows"]] == right
