"""Backups of the embedded warehouse: whole, checked, and brought back at once."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.embedded.backup_file import back_up, restore, restore_previous
from metrics_store.warehouse.embedded.duckdb_executor import DuckdbExecutor
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

_ROWS = 200_000


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Give a warehouse of two generations: of 1 and of 2."""
    made = Warehouse(tmp_path / "shop.duckdb")
    for number in (1, 2):
        _write(made, number)
    return made


def _write(warehouse: Warehouse, number: int) -> None:
    with (
        warehouse.next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        connection.execute("create schema if not exists raw")
        connection.execute(
            f"create or replace table raw.orders as select {number} as number, "
            f"hash(range) as noise from range({_ROWS})"
        )
        connection.execute("create or replace view totals as select number from shop.raw.orders")
        for name in ("manifest.json", "semantic_manifest.json"):
            (generation.artifacts / name).write_text(json.dumps({"number": number}))


def _number(warehouse: Warehouse) -> tuple[int, int]:
    """Give what the tables and what the manifest say."""
    current = warehouse.current()
    assert current is not None
    with duckdb.connect(str(current.database), read_only=True) as connection:
        row = connection.execute("select max(number), count(*) from totals").fetchone()
    assert row is not None
    assert row[1] == _ROWS
    return row[0], json.loads((current.artifacts / "manifest.json").read_text())["number"]


def _damage(database: Path, place: float) -> None:
    with database.open("r+b") as file:
        file.seek(int(database.stat().st_size * place))
        file.write(os.urandom(4096))


def test_what_was_backed_up_comes_back(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    current = warehouse.current()
    assert current is not None
    # Who reads goes on, before, between and after.
    reader = DuckdbExecutor(current.database)
    contents = back_up(warehouse, file)
    assert contents.tables == {"raw.orders": _ROWS}
    _write(warehouse, 3)
    assert _number(warehouse) == (3, 3)
    restore(warehouse, file)
    assert _number(warehouse) == (2, 2)
    assert reader.read(Statement("select max(number) as n from totals")).to_pylist() == [{"n": 2}]
    reader.close()
    with pytest.raises(MetricsStoreError, match="a file of this name already"):
        back_up(warehouse, file)
    back_up(warehouse, file, replace=True)
    # Nothing half-made is left.
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "generations", "shop.backup", "shop.duckdb"
    ]  # fmt: skip


@pytest.mark.parametrize("place", [0, 0.5])
def test_a_damaged_warehouse_is_told_and_the_one_before_comes_back(
    warehouse: Warehouse, tmp_path: Path, place: float
) -> None:
    current = warehouse.current()
    assert current is not None
    file = tmp_path / "shop.backup"
    back_up(warehouse, file)
    _damage(current.database, place)
    before = sorted(tmp_path.rglob("*"))

    def read() -> object:
        executor = DuckdbExecutor(current.database)
        try:
            return executor.read(Statement("select sum(noise) from raw.orders"))
        finally:
            executor.close()

    for use in (read, lambda: back_up(warehouse, file, replace=True)):
        with pytest.raises(MetricsStoreError, match="the warehouse's file is damaged") as raised:
            use()
        assert "`metrics restore --previous` brings back the generation" in raised.value.remedy
        assert sorted(tmp_path.rglob("*")) == before
    restore_previous(warehouse)
    assert _number(warehouse) == (1, 1)
    with pytest.raises(MetricsStoreError, match="no generation before the live one"):
        restore_previous(warehouse)
    restore(warehouse, file)
    assert _number(warehouse) == (2, 2)


def test_a_damaged_or_other_backup_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    back_up(warehouse, file)
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[len(damaged) // 2] ^= 255
    for content in (bytes(damaged), whole[: len(whole) // 2], b"", b"no archive"):
        file.write_bytes(content)
        with pytest.raises(MetricsStoreError, match="damaged"):
            restore(warehouse, file)
    # What the list of contents says is believed no more than the rest.
    with zipfile.ZipFile(tmp_path / "lying.backup", "w") as lying:
        file.write_bytes(whole)
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                if name == "backup.json":
                    content = content.replace(str(_ROWS).encode(), b"7")
                lying.writestr(name, content)
    with pytest.raises(MetricsStoreError, match="does not hold the rows it says"):
        restore(warehouse, tmp_path / "lying.backup")
    # Nor is a whole archive with another database in it.
    with (
        zipfile.ZipFile(tmp_path / "changed.backup", "w") as changed,
        zipfile.ZipFile(file) as archive,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, content + b"\0" if name.endswith(".duckdb") else content)
    with pytest.raises(MetricsStoreError, match="damaged"):
        restore(warehouse, tmp_path / "changed.backup")
    with pytest.raises(MetricsStoreError, match="whose file has another name"):
        restore(Warehouse(tmp_path / "other.duckdb"), file)
    assert _number(warehouse) == (2, 2)


def test_the_commands(warehouse: Warehouse, tiny_project: Path, run_metrics: RunMetrics) -> None:
    environment = {"SHOP_PATH": str(warehouse.live_path)}
    file = str(tiny_project / "shop.backup")
    done = run_metrics("backup", file, cwd=tiny_project, env=environment)
    assert done.returncode == 0, done.stderr
    assert f"1 tables, {_ROWS:,} rows" in done.stdout
    done = run_metrics("restore", "--previous", cwd=tiny_project, env=environment)
    assert done.returncode == 0, done.stderr
    assert _number(warehouse) == (1, 1)
    done = run_metrics("restore", file, cwd=tiny_project, env=environment)
    assert done.returncode == 0, done.stderr
    assert _number(warehouse) == (2, 2)
    done = run_metrics(
        "backup", file, "--target", "dev", cwd=tiny_project,
        env={"METRICS_STORE_DEV_USER": "nobody"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "pg_dump --format=custom" in done.stderr
