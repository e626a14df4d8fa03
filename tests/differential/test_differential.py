"""Questions made at random, answered in every way on both engines.

`make test` asks some; `make test-differential QUESTIONS=5000 FIRST=0` asks as many as one likes,
and writes what became of them. Each is made anew by its number: `QUESTIONS=1 FIRST=1234`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from differential.trials import Trials
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from projects import SmallProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bikes")]

QUESTIONS = int(os.environ.get("DIFFERENTIAL_QUESTIONS", "20"))
FIRST = int(os.environ.get("DIFFERENTIAL_FIRST", "0"))


@pytest.mark.parametrize("name", ["bikes", "market"])
def test_every_way_to_answer_gives_the_same(
    name: str,
    postgres_server: dict[str, Any],
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project: SmallProject = request.getfixturevalue(name)
    live = find_live_warehouse(load_target(project.directory, "duckdb"))
    assert live.database is not None
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    with psycopg.connect(
        **{**postgres_server, "dbname": name}, autocommit=True, options="-c timezone=UTC"
    ) as connection:
        manifest = read_semantic_manifest(live.artifacts / SEMANTIC_MANIFEST)
        trials = Trials(name, manifest, live.database, connection)
        for number in range(FIRST, FIRST + QUESTIONS):
            trials.ask(number)
            _tell(trials, number, capsys)
    assert trials.wrong == []
    # Most are answered, or nothing would be compared.
    answered = trials.counts["answered by duckdb"]
    assert answered > trials.counts["questions"] / 2 or QUESTIONS == 1
    assert trials.counts["answered by postgres"] == answered


def _tell(trials: Trials, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Write how a long run goes on."""
    asked = number - FIRST + 1
    if "DIFFERENTIAL_QUESTIONS" in os.environ and (asked % 100 == 0 or asked == QUESTIONS):
        with capsys.disabled():
            print(f"\n{trials.name}: {FIRST} to {number}: {dict(trials.counts)}")  # noqa: T201
            for found in trials.wrong:
                print(found)  # noqa: T201
