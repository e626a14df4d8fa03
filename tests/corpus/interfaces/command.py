"""Commands as processes: `metrics query`, and MetricFlow's own `mf query`."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa

from corpus.answers import Refusal, of_table, of_texts
from corpus.interfaces.interface import ALL_BUT_PAGES, TIMES
from forking.commands import forked_commands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked

_NOT_RIGHT = 1


class CommandInterface:
    """`metrics query`.

    Args:
        command: The command `metrics`.
        project: The dbt project.
        target: Its target.
        environment: What the profile reads.
    """

    name = "metrics query"
    can_say = (ALL_BUT_PAGES | TIMES) - {"values"}
    least = 180

    def __init__(
        self, command: Path, project: Path, target: str, environment: Mapping[str, str]
    ) -> None:
        self._command = [str(command), "query", "--target", target]
        self._project = project
        self._environment = {**os.environ, **environment}

    def lacks(self, asked: Asked) -> str | None:
        del asked
        return None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        del like
        done = subprocess.run(
            [*self._command, *_options(asked, "--order-by"), "--format", "arrow"],
            cwd=self._project,
            env=self._environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            words = done.stderr.decode()
            assert done.returncode == _NOT_RIGHT, words
            assert not done.stdout
            return Refusal(words)
        return of_table(pa.ipc.open_stream(done.stdout).read_all())


class MfInterface:
    """`mf query`, which knows nothing of us.

    Args:
        project: The dbt project, built on DuckDB.
        environment: What the profile reads.
    """

    name = "mf query"

    def __init__(self, project: Path, environment: Mapping[str, str]) -> None:
        self._command = str(forked_commands() / "mf")
        self._project = project
        self._environment = {**os.environ, **environment}

    def ask(self, asked: Asked, like: Rows, file: Path) -> Outcome:
        done = subprocess.run(
            [self._command, "query", "--quiet", *_options(asked, "--order"), "--csv", str(file)],
            cwd=self._project,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if not file.exists():
            return Refusal(done.stdout + done.stderr)
        columns, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
        return of_texts(columns, rows, like)


def _options(asked: Asked, order_by: str) -> Iterator[str]:
    # MetricFlow leaves the order open where none is asked; here it is that of the group-bys.
    orders = asked.order_by or (asked.group_by if order_by == "--order" else ())
    for option, names in (
        ("--metrics", asked.metrics),
        ("--group-by", asked.group_by),
        (order_by, orders),
    ):
        if names:
            yield f"{option}={','.join(names)}"
    for text in asked.where:
        yield f"--where={text}"
    for option, value in (
        ("--limit", asked.limit),
        ("--start-time", asked.start_time),
        ("--end-time", asked.end_time),
        ("--in", asked.period),
        ("--saved-query", asked.saved_query),
    ):
        if value is not None:
            yield f"{option}={value}"
