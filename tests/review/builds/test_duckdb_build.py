"""Revisions are built on the same data, beside the live warehouse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target, load_target
from metrics_store.query.metric_store import open_store
from metrics_store.review.builds.duckdb_build import build_all_in_duckdb, built
from metrics_store.review.builds.review_data import find_data, live_data
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import Artifacts, artifacts_of_all
from review.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("builds")]

SOURCES = """
version: 2
sources:
  - name: till
    schema: raw_till
    tables: [{name: receipts, columns: [{name: receipt_id, data_type: bigint}]}]
"""
RECEIPTS = """
{{ config(materialized='incremental') }}
select receipt_id, cast('{{ run_started_at }}' as text) as built_at, {{ var('extra', 0) }} as extra
from {{ source('till', 'receipts') }}
{% if is_incremental() %} where false {% endif %}
"""


class Sides:
    """Two revisions of a shop with a till, and what dbt makes of them."""

    def __init__(self, directory: Path) -> None:
        self.history = History(directory / "repository")
        self.history.write("models/sources.yml", SOURCES)
        self.history.write("models/receipts.sql", RECEIPTS)
        self.history.commit("second")
        orders = self.history.project / "models" / "orders.sql"
        orders.write_text(orders.read_text().replace("amount as", "amount * 2 as"))
        self.history.commit("third")
        self.target: Target = load_target(self.history.project, "duckdb")
        self.live = self.target.duckdb_path
        with duckdb.connect(str(self.live)) as connection:
            connection.execute("create schema raw_till")
            connection.execute("create table raw_till.receipts as select 7 as receipt_id")
            # Left of an earlier build: it must not show.
            connection.execute(
                "create table main.receipts as select 1 as receipt_id, 'x' as built_at, 0 as extra"
            )
        names = ("HEAD~1", "HEAD")
        revisions = [resolve(name, self.history.project) for name in names]
        self.artifacts: list[Artifacts] = artifacts_of_all(revisions, self.target)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    directory = tmp_path_factory.mktemp("builds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(directory / "caches"))
        yield Sides(directory)


def test_both_sides_on_the_live_data(sides: Sides) -> None:
    before = sides.live.read_bytes()
    data = find_data(sides.artifacts[1], sides.target)
    targets = build_all_in_duckdb(sides.artifacts, data, sides.target)
    assert sides.live.read_bytes() == before
    revenues, receipts = [], []
    for target in targets:
        store = open_store(target)
        revenues.append(store.read("select sum(amount) as x from orders").to_pylist()[0]["x"])
        receipts.append(store.read("select receipt_id, built_at from receipts").to_pylist())
        assert store.planner is not None
    assert revenues[1] == 2 * revenues[0] > 0
    # Whenever they are built, they believe in the moment of their data.
    assert receipts[0] == receipts[1]
    assert [row["receipt_id"] for row in receipts[0]] == [7]
    assert receipts[0][0]["built_at"] == str(data.started)
    # Kept, and not built again.
    database = open_store(targets[0]).database
    assert database is not None
    changed = database.stat().st_mtime_ns
    assert built(sides.artifacts[0], data, sides.target) == targets[0]
    assert database.stat().st_mtime_ns == changed


def test_a_build_that_fails_says_why(sides: Sides, tmp_path: Path) -> None:
    file = tmp_path / "empty.duckdb"
    duckdb.connect(str(file)).close()
    data = find_data(sides.artifacts[1], sides.target, file)
    with pytest.raises(MetricsStoreError, match="cannot build the project of HEAD") as raised:
        built(sides.artifacts[1], data, sides.target)
    assert "receipts" in raised.value.where
    assert "caches" not in str(raised.value)


def test_what_data_cannot_be(sides: Sides, tmp_path: Path) -> None:
    with pytest.raises(MetricsStoreError, match="no such file"):
        find_data(sides.artifacts[1], sides.target, tmp_path / "nowhere")
    server = replace(sides.target, settings={"type": "postgres"})
    with pytest.raises(MetricsStoreError, match="in DuckDB only"):
        find_data(sides.artifacts[1], server)


def test_an_empty_side_cannot_be_built(sides: Sides) -> None:
    empty = replace(sides.artifacts[0], directory=None, files=None, is_empty=True)
    data = find_data(sides.artifacts[1], sides.target)
    with pytest.raises(MetricsStoreError, match="no dbt project that could be built"):
        built(empty, data, sides.target)


def test_data_that_steps_make(sides: Sides) -> None:
    review = sides.history.project / "review.yml"
    directory = sides.history.root.parent / "files"
    directory.mkdir()
    (directory / "receipts.csv").write_text("receipt_id\n1\n2\n")
    try:
        review.write_text(f"data: {{steps: ['load till {directory}']}}")
        data = find_data(sides.artifacts[1], sides.target)
        assert data.file is not None
        with duckdb.connect(str(data.file), read_only=True) as connection:
            assert len(connection.table("raw_till.receipts")) == 2
        assert find_data(sides.artifacts[1], sides.target) == data
        # What is live is taken where it is asked for, and said.
        live = live_data(sides.target)
        assert live.file == sides.live.resolve()
        assert (
            live.description == f"the raw tables of the live warehouse {sides.target.duckdb_path}"
        )
        review.write_text("data: {steps: ['load nothing {directory}']}")
        with pytest.raises(MetricsStoreError, match="a step that makes the data") as raised:
            find_data(sides.artifacts[1], sides.target)
        assert "no source named nothing" in raised.value.where
    finally:
        review.unlink()
