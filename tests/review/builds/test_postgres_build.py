"""Revisions are built in a PostgreSQL database, beside what is live there and without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest
from psycopg import sql

from environment import PASSWORD
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target, load_target
from metrics_store.query.metric_store import open_store
from metrics_store.review.builds.postgres_build import build_in_postgres
from metrics_store.review.builds.raw_table_state import changed_tables, state_of_tables
from metrics_store.review.builds.review_schemas import schemas_of_a_review
from metrics_store.review.builds.revision_targets import open_sides
from metrics_store.review.change_check import check_change
from metrics_store.review.revision_review import review_revisions, value_diff_of
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import artifacts_of
from metrics_store.warehouse.postgres.postgres_connection import connect, exclusive_writer
from review.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.review.revision_review import RevisionReview
    from metrics_store.review.values.value_review import ValueReview

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("builds in postgres")]

SOURCES = """
version: 2
sources:
  - name: till
    schema: raw_till
    tables: [{name: receipts, columns: [{name: receipt_id, data_type: bigint}]}]
  - name: near
    schema: "{{ target.schema }}_near"
    tables: [{name: notes, columns: [{name: note_id, data_type: bigint}]}]
"""
RECEIPTS = """
{{ config(materialized='table', schema='marts') }}
select receipt_id, cast('{{ run_started_at }}' as text) as built_at,
    (select count(*) from {{ source('near', 'notes') }}) as notes
from {{ source('till', 'receipts') }}
"""
# As many projects have it: in production no schema gets a prefix.
SCHEMA_NAMES = """
{% macro something_else() %}{% endmacro %}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
"""


class Shop:
    """Two revisions of a shop with a till, one database with what is live, and the same file.

    Attributes:
        history: The repository.
        target: The target in PostgreSQL.
        duckdb: The target in DuckDB.
        file: A DuckDB file with the raw tables that the server has.
        environment: The variables of the target in PostgreSQL.
    """

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.history = History(directory / "repository")
        self.history.write("models/sources.yml", SOURCES)
        self.history.write("models/receipts.sql", RECEIPTS)
        self.history.write("macros/names.sql", SCHEMA_NAMES)
        self.history.commit("second")
        orders = self.history.project / "models" / "orders.sql"
        orders.write_text(orders.read_text().replace("amount as", "amount * 2 as"))
        self.history.commit("third")
        self.target: Target = load_target(self.history.project, "dev")
        self.duckdb: Target = load_target(self.history.project, "duckdb")
        self.file = directory / "raw.duckdb"
        with duckdb.connect(str(self.file)) as connection:
            _create_raw(connection, "main_near")
        with connect(self.target) as server:
            _create_raw(server, "dev_near")
            # What is live, under the names that the revisions' own models have.
            server.execute("create schema dev")
            server.execute("create schema marts")
            for table in ("dev.orders", "dev.raw_orders", "marts.receipts"):
                server.execute(sql.SQL("create table {} as select 1 as live").format(
                    sql.Identifier(*table.split("."))
                ))  # fmt: skip

    def review(self, target: Target, base: str = "HEAD~1", head: str = "HEAD") -> RevisionReview:
        """Review two revisions."""
        return review_revisions(base, head, target)

    def schemas(self) -> set[str]:
        """Give the schemas that are there, but for PostgreSQL's own."""
        with connect(self.target) as server:
            found = server.execute("select nspname from pg_namespace").fetchall()
        return {name for (name,) in found if not name.startswith(("pg_", "information"))}

    def state(self) -> list[Any]:
        """Give every table outside of reviews, with all rows and who wrote them when."""
        tables = (
            "select nspname, relname, pg_class.oid from pg_class join pg_namespace on"
            " pg_namespace.oid = relnamespace where relkind in ('r', 'v') and nspname in"
            " ('dev', 'marts', 'raw_till', 'dev_near', 'public') order by 1, 2"
        )
        found: list[Any] = []
        with connect(self.target) as server:
            for schema, table, oid in server.execute(tables).fetchall():
                name = sql.Identifier(schema, table)
                rows = server.execute(sql.SQL("select xmin::text, t from {} t").format(name))
                found.append((schema, table, oid, rows.fetchall()))
        return found


def _create_raw(connection: Any, near: str) -> None:  # noqa: ANN401 - of DuckDB or of psycopg
    connection.execute("create schema raw_till")
    connection.execute("create table raw_till.receipts as select 7 as receipt_id")
    connection.execute(f"create schema {near}")
    connection.execute(f"create table {near}.notes as select 1 as note_id union all select 2")


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: dict[str, Any]
) -> Iterator[Shop]:
    directory = tmp_path_factory.mktemp("postgres")
    with (
        psycopg.connect(**postgres_server, autocommit=True) as connection,
        pytest.MonkeyPatch.context() as patch,
    ):
        connection.execute("create database review_shop")
        patch.setenv("XDG_CACHE_HOME", str(directory / "caches"))
        environment = {
            "METRICS_STORE_DEV_HOST": str(postgres_server["host"]),
            "METRICS_STORE_DEV_PORT": str(postgres_server.get("port", 5432)),
            "METRICS_STORE_DEV_USER": str(postgres_server["user"]),
            "METRICS_STORE_DEV_PASSWORD": PASSWORD,
            "METRICS_STORE_DEV_DATABASE": "review_shop",
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        yield Shop(directory, environment)
        connection.execute("drop database review_shop with (force)")


def _fail_to_build(shop: Shop, files: dict[str, str]) -> MetricsStoreError:
    """Build the working tree with more files; nothing of it may stay."""
    before, schemas = shop.state(), shop.schemas()
    for path, content in files.items():
        shop.history.write(path, content)
    try:
        head = artifacts_of(resolve(None, shop.history.project), shop.target)
        with (
            pytest.raises(MetricsStoreError, match="cannot build the project of the") as raised,
            open_sides((head, head), shop.target, None),
        ):
            pass
    finally:
        for path in files:
            (shop.history.project / path).unlink()
    assert shop.state() == before
    assert shop.schemas() == schemas
    return raised.value


def _answers(values: ValueReview) -> list[Any]:
    return [
        (one.metric, one.is_changed, two.question, two.rows, two.differing, two.errors, [
            (key, float(old), float(new))
            for slice_ in (*two.largest, *two.series)
            for key, old, new in [(str(slice_.key), slice_.old or 0, slice_.new or 0)]
        ])
        for one in values.metrics
        for two in one.comparisons
    ]  # fmt: skip


def test_the_same_values_as_in_duckdb_and_no_trace(shop: Shop) -> None:
    before, schemas = shop.state(), shop.schemas()
    assert len(before) == 5
    on_server = value_diff_of(shop.review(shop.target), None, shop.target)
    assert shop.state() == before
    assert shop.schemas() == schemas
    in_file = value_diff_of(shop.review(shop.duckdb), shop.file, shop.duckdb)
    assert _answers(on_server) == _answers(in_file)
    assert on_server.data.startswith("the raw tables of the target ")
    assert in_file.data == f"the data in {shop.file}"
    assert any(not one.is_equal for one in on_server.metrics)
    assert all(one.comparisons for one in on_server.metrics)


def test_all_is_built_in_schemas_of_the_review_on_the_raw_tables_where_they_lie(
    shop: Shop,
) -> None:
    before, schemas = shop.state(), shop.schemas()
    reviewed = shop.review(shop.target)
    base, head = reviewed.artifacts
    with build_in_postgres([base, head, head], shop.target) as [*targets, again]:
        # Equal revisions are built once.
        assert again == targets[1]
        made = shop.schemas() - schemas
        assert len(made) == 4
        names = [str(target.settings["schema"]) for target in targets]
        assert made == {name + end for name in names for end in ("", "_marts")}
        found = [
            open_store(target)
            .read(f'select receipt_id, notes, built_at from "{name}_marts".receipts')
            .to_pylist()
            for target, name in zip(targets, names, strict=True)
        ]
        assert [row | {"built_at": ""} for row in found[0]] == [
            {"receipt_id": 7, "notes": 2, "built_at": ""}
        ]
        # Both believe in one moment.
        assert found[0] == found[1]
    assert shop.schemas() == schemas
    assert shop.state() == before


def test_a_build_that_fails_leaves_nothing(shop: Shop) -> None:
    error = _fail_to_build(
        shop,
        {
            "models/broken.sql": "{{ config(materialized='table') }} select 1/0 as x",
            "models/fine.sql": "{{ config(schema='marts') }} select 1 as x",
        },
    )
    assert "division by zero" in error.where
    assert PASSWORD not in str(error)


def test_what_would_still_be_written_elsewhere_is_refused(shop: Shop) -> None:
    error = _fail_to_build(
        shop,
        {
            "snapshots/kept.sql": "{% snapshot kept %}{{ config(target_schema='marts',"
            " unique_key='x', strategy='check', check_cols=['x']) }} select 1 as x"
            "{% endsnapshot %}",
            "models/long.sql": f"{{{{ config(schema='{'l' * 50}') }}}} select 1 as x",
        },
    )
    assert "outside of the review's own schemas" in error.where
    assert "snapshot kept: review_shop.marts" in error.where
    assert "model long: review_shop.review_" in error.where
    assert "model receipts" not in error.where
    assert "generate_schema_name" in error.remedy


def test_a_review_that_is_stopped_leaves_nothing(shop: Shop, metrics_command: Path) -> None:
    before, schemas = shop.state(), shop.schemas()
    shop.review(shop.target)  # compiled, so that the building starts at once
    arguments = ["diff", "HEAD~1", "HEAD", "--values", "--target", "dev"]
    process = subprocess.Popen(
        [metrics_command, *arguments],
        cwd=shop.history.project,
        env={**os.environ, **shop.environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # dbt itself makes these: it is at work.
        while not any(name.endswith("_marts") for name in shop.schemas() - schemas):
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)  # a job in the background ignores SIGINT
        said = process.communicate()[1]
    finally:
        process.kill()
    assert process.returncode == 128 + signal.SIGTERM
    assert "stopped (SIGTERM)" in said
    assert "Traceback" not in said
    assert shop.schemas() == schemas
    assert shop.state() == before


def test_what_a_killed_review_left_is_dropped_unless_it_is_used(shop: Shop) -> None:
    old = "made for a review of definitions, at 2020-01-01T00:00:00+00:00"
    left = {
        "review_00000001_base": old,
        "review_00000001_base_marts": None,
        "review_00000002_head": old,
        "review_00000003_base": old.replace("2020", "2999"),
        "review_00000004_base": None,
        "review_of_books": old,
    }
    schemas = shop.schemas()
    with connect(shop.target) as server:
        for name, mark in left.items():
            schema = sql.Identifier(name)
            server.execute(sql.SQL("create schema {}").format(schema))
            server.execute(sql.SQL("create table {}.kept ()").format(schema))
            server.execute(sql.SQL("comment on schema {} is {}").format(schema, sql.Literal(mark)))
    used = {**shop.target.settings, "schema": "review_00000002"}
    with (
        exclusive_writer(replace(shop.target, settings=used)),
        schemas_of_a_review(shop.target, ["base", "head"]) as made,
    ):
        assert len(set(made)) == 2
        assert shop.schemas() >= set(made)
    remaining = shop.schemas() - schemas
    with connect(shop.target) as server:
        for name in remaining:
            server.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))
    assert remaining == set(left) - {"review_00000001_base", "review_00000001_base_marts"}


def test_who_may_create_no_schema_is_told_so(shop: Shop) -> None:
    with connect(shop.target) as server:
        server.execute("create role reader login")
    reader = replace(shop.target, settings={**shop.target.settings, "user": "reader"})
    reviewed = shop.review(shop.target)
    try:
        with pytest.raises(MetricsStoreError, match="none can be created") as raised:
            value_diff_of(reviewed, None, reader)
    finally:
        with connect(shop.target) as server:
            server.execute("drop role reader")
    assert "permission denied for database review_shop" in raised.value.where
    assert "grant create on database" in raised.value.remedy


def test_what_cannot_be_asked_for(shop: Shop) -> None:
    reviewed = shop.review(shop.target)
    with pytest.raises(MetricsStoreError, match="read where they lie"):
        value_diff_of(reviewed, shop.file, shop.target)
    settings = {**shop.target.settings, "host": "127.0.0.1", "port": 1}
    with pytest.raises(MetricsStoreError, match="cannot be reached") as raised:
        value_diff_of(reviewed, None, replace(shop.target, settings=settings))
    assert PASSWORD not in str(raised.value)


def test_golden_values_are_asked_of_a_file(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    check_change(
        "HEAD~1", "HEAD", shop.target, (), golden=True, values=False, data=shop.file
    )  # fmt: skip
    assert "they are asked of the target duckdb" in capsys.readouterr().err
    profiles = shop.history.project / "profiles.yml"
    written = profiles.read_text()
    try:
        profiles.write_text(written.replace("type: duckdb", "type: postgres"))
        check_change("HEAD~1", "HEAD", shop.target, (), golden=True, values=False, data=None)
    finally:
        profiles.write_text(written)
    assert "golden values were left out" in capsys.readouterr().err


def test_raw_tables_that_change_meanwhile_are_named(shop: Shop) -> None:
    with connect(shop.target) as server:
        server.execute("create schema raw_more")
        for table in ("added", "emptied", "kept"):
            name = sql.Identifier("raw_more", table)
            server.execute(sql.SQL("create table {} as select 1 as x").format(name))
    time.sleep(1.1)
    tables = ["raw_more.added", "raw_more.emptied", "raw_more.kept"]
    before = state_of_tables(tables, shop.target)
    with connect(shop.target) as server:
        server.execute("insert into raw_more.added values (2)")
        server.execute("truncate raw_more.emptied")
        server.execute("select * from raw_more.kept")
    changed = changed_tables(before, tables, shop.target)
    with connect(shop.target) as server:
        server.execute("drop schema raw_more cascade")
    assert changed == ["raw_more.added", "raw_more.emptied"]
