"""Builds beside what is live on PostgreSQL, with readers that never pause.

`make test-postgres-builds` is the long form: twenty builds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from build.ten_relations import (
    OTHERS_VIEW,
    READER,
    RELATIONS,
    TenRelations,
    newest,
    while_dbt_builds,
)

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg


@pytest.fixture
def stage(
    tmp_path: Path, postgres_environment: dict[str, str], metrics_command: Path
) -> TenRelations:
    """Give the ten relations, built once, with a reader."""
    del postgres_environment
    made = TenRelations.copied_to(tmp_path, metrics_command)
    code, output = made.build(1)
    assert code == 0, output
    made.grant()
    return made


def _values(query: str, connection: psycopg.Connection) -> list[object]:
    return [row[0] for row in connection.execute(query.encode()).fetchall()]


def _schemas_of_builds(connection: psycopg.Connection) -> list[object]:
    query = "select nspname from pg_namespace where nspname ~ '__(next|before)_'"
    return _values(query, connection)


@pytest.mark.slow
def test_readers_never_fail_nor_see_a_mixture(stage: TenRelations) -> None:
    with stage.connect() as connection:
        connection.execute("comment on schema marts is 'what the metrics read'")
        connection.execute(
            f"alter default privileges in schema marts grant select on tables to {READER}"
        )
        with stage.read_without_pause():
            code, output = stage.build(2)
            assert code == 0, output
            stage.settle()
            code, output = stage.build(3, broken=True)
            assert code == 1
            assert "nothing was published: what is live is as it was" in output
            stage.settle()
            assert stage.kill_build(4, while_dbt_builds)
            stage.settle()
            assert stage.live == {2}
            code, output = stage.build(5)
            assert code == 0, output
        assert stage.faults == []
        assert set(stage.reads) == {
            "one by one", "in one statement", "in one transaction", "by another's view", "a metric"
        }  # fmt: skip
        # What is added to goes on from what was live, and the killed build left nothing.
        assert _values("select build from marts.builds_seen order by 1", connection) == [1, 2, 5]
        versions = "select distinct build from snapshots.order_versions order by 1"
        assert _values(versions, connection) == [1, 2, 5]
        assert _schemas_of_builds(connection) == []
        comment = "select obj_description('marts'::regnamespace, 'pg_namespace')"
        assert _values(comment, connection) == ["what the metrics read"]
        defaults = "select count(*) from pg_default_acl where defaclnamespace='marts'::regnamespace"
        assert _values(defaults, connection) == [1]
        indexed = "select count(*) from pg_indexes where tablename in ('builds_seen', 'orders')"
        assert _values(indexed, connection) == [2]


@pytest.mark.slow
def test_a_build_of_a_part_drops_nothing(stage: TenRelations) -> None:
    with stage.connect() as connection, stage.connect(user=READER) as reading:
        # Somebody else's table makes the schema one that cannot be swapped by its name.
        connection.execute("create table marts.notes as select 'kept' as note")
        with reading.transaction():
            # A reader in the midst of it reads on from what was live when it began.
            assert _values("select build from reports.dashboard", reading) == [1]
            code, output = stage.build(2, "--select", "stg_orders", "--select", "orders")
            assert code == 0, output
            assert "marts holds what is not the project's (table marts.notes)" in output
            assert "until a later build: it is still read" in output
        found = {relation: _values(newest(relation), connection) for relation in RELATIONS}
        # Views show what was built beneath them; what was not built is as it was.
        new = {"staging.stg_orders", "marts.orders", "reports.totals", "reports.latest"}
        assert {relation for relation, values in found.items() if values == [2]} == new
        assert {tuple(values) for values in found.values()} == {(1,), (2,)}
        assert _values(newest(OTHERS_VIEW), reading) == [2]
        assert _values("select note from marts.notes", connection) == ["kept"]
        for relation in RELATIONS:
            assert len(_values(newest(relation), reading)) == 1
        assert all("__before_" in str(name) for name in _schemas_of_builds(connection))


@pytest.mark.slow
def test_a_view_that_no_longer_fits_stops_the_build(stage: TenRelations) -> None:
    model = stage.project / "models" / "marts" / "orders.sql"
    model.write_text("select order_id, ordered_on, build from {{ ref('stg_orders') }}\n")
    code, output = stage.build(2, "--select", "orders")
    assert code == 1
    assert "the view reports.totals does not fit what this build makes beneath it" in output
    with stage.connect() as connection:
        assert _values(newest("marts.orders"), connection) == [1]
        assert _schemas_of_builds(connection) == []
