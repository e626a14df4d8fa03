"""What a generation starts from, how it becomes the live one, and what stops it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import duckdb
import pytest
from stages import read_marker, write_marker

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.embedded.generations import Generation, Warehouse
from metrics_store.warehouse.embedded.retention import all_directories

if TYPE_CHECKING:
    from pathlib import Path

# Opens a database, writes, says so, and then ends as it is told on its standard input.
WRITER = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("create table if not exists kept (number integer)")
connection.execute("checkpoint")
connection.execute("insert into kept values (7)")
print("written", flush=True)
if sys.stdin.readline() == "die\\n":
    os._exit(9)
connection.close()
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    directory = tmp_path / "warehouse"
    directory.mkdir()
    return Warehouse(directory / "wh.duckdb", lock_patience=0.2, writer_patience=0.2)


def _plain_file(path: Path, numbers: list[int]) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table if not exists kept (number integer)")
        for number in numbers:
            connection.execute("insert into kept values (?)", [number])


def _numbers(database: Path) -> list[int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [row[0] for row in connection.execute("from kept order by 1").fetchall()]


def _writer(database: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    return process


def _end(process: subprocess.Popen[str], word: str) -> None:
    process.communicate(f"{word}\n")


def _killed_writer(database: Path) -> None:
    _end(_writer(database), "die")
    assert database.with_name(database.name + ".wal").exists()


def test_first_generation_is_an_empty_database(warehouse: Warehouse) -> None:
    assert warehouse.current() is None
    with warehouse.next_generation() as generation:
        assert generation.database.name == "wh.duckdb"
        assert list(generation.artifacts.iterdir()) == []
        with duckdb.connect(str(generation.database)) as connection:
            assert connection.execute("from duckdb_tables()").fetchall() == []
        assert warehouse.current() is None
    current = warehouse.current()
    assert current is not None
    assert current.database.samefile(warehouse.live_path)
    assert current.directory.samefile(generation.directory)


def test_next_one_starts_with_database_and_artifacts_of_the_last(warehouse: Warehouse) -> None:
    with warehouse.next_generation() as first:
        write_marker(first, "one")
    with warehouse.next_generation() as second:
        assert read_marker(second) == ("one", "one")
        write_marker(second, "two")
        assert read_marker(first) == ("one", "one")
    assert read_marker(first) == ("one", "one")
    current = warehouse.current()
    assert current is not None
    assert read_marker(current) == ("two", "two")


def test_the_previous_one_stays_and_older_ones_go(warehouse: Warehouse) -> None:
    made = []
    for number in range(4):
        with warehouse.next_generation() as generation:
            write_marker(generation, str(number))
        made.append(generation.directory)
    assert all_directories(warehouse.live_path) == made[-2:]
    assert sorted(made) == made


def test_warehouse_can_be_moved_as_a_whole(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.next_generation() as generation:
        write_marker(generation, "one")
    warehouse.live_path.parent.rename(tmp_path / "elsewhere")
    moved = Warehouse(tmp_path / "elsewhere" / "wh.duckdb")
    current = moved.current()
    assert current is not None
    assert read_marker(current) == ("one", "one")
    with moved.next_generation() as generation:
        assert read_marker(generation) == ("one", "one")


def test_path_through_a_linked_directory(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(warehouse.live_path.parent)
    linked = Warehouse(tmp_path / "linked" / "wh.duckdb")
    for number in range(3):
        with linked.next_generation() as generation:
            write_marker(generation, str(number))
    assert len(all_directories(warehouse.live_path)) == 2


def test_two_databases_in_one_directory(warehouse: Warehouse) -> None:
    other = Warehouse(warehouse.live_path.with_name("other.duckdb"))
    with other.next_generation() as generation:
        write_marker(generation, "other")
    for number in range(3):
        with warehouse.next_generation() as generation:
            write_marker(generation, str(number))
    current = other.current()
    assert current is not None
    assert read_marker(current) == ("other", "other")


def test_exception_discards(warehouse: Warehouse) -> None:
    with warehouse.next_generation() as generation:
        write_marker(generation, "one")
    interrupted = pytest.raises(KeyboardInterrupt)
    with interrupted, warehouse.next_generation() as discarded:
        write_marker(discarded, "two")
        raise KeyboardInterrupt
    assert not discarded.directory.exists()
    current = warehouse.current()
    assert current is not None
    assert read_marker(current) == ("one", "one")


def test_interruption_right_after_the_switch_keeps_what_is_live(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = Warehouse._switch

    def interrupted_switch(self: Warehouse, generation: Generation) -> None:
        switch(self, generation)
        raise KeyboardInterrupt

    monkeypatch.setattr(Warehouse, "_switch", interrupted_switch)
    with pytest.raises(KeyboardInterrupt), warehouse.next_generation() as generation:
        write_marker(generation, "one")
    current = warehouse.current()
    assert current is not None
    assert read_marker(current) == ("one", "one")


def test_adopts_a_plain_file_with_what_a_killed_writer_committed(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    _killed_writer(warehouse.live_path)
    before = warehouse.current()
    assert before is not None
    assert before.database == warehouse.live_path
    assert warehouse.is_plain_file
    with warehouse.next_generation() as generation:
        assert [path.name for path in generation.directory.glob("*.wal")] == []
        assert _numbers(generation.database) == [1, 7]
    assert not warehouse.is_plain_file
    assert _numbers(warehouse.live_path) == [1, 7]
    assert not warehouse.live_path.with_name("wh.duckdb.wal").exists()


def test_keeps_what_a_killed_writer_committed_through_the_link(warehouse: Warehouse) -> None:
    with warehouse.next_generation() as generation:
        _plain_file(generation.database, [1])
    _killed_writer(generation.database)
    with warehouse.next_generation():
        pass
    assert _numbers(warehouse.live_path) == [1, 7]


def test_log_of_the_new_database_is_written_into_it(warehouse: Warehouse) -> None:
    with warehouse.next_generation() as generation:
        _killed_writer(generation.database)
    beside = {path.name for path in generation.directory.iterdir()}
    assert beside == {"wh.duckdb", "target", "published.json"}
    assert _numbers(warehouse.live_path) == [7]


@pytest.mark.parametrize("end", ["close", "die"])
def test_live_file_changed_meanwhile(warehouse: Warehouse, end: str) -> None:
    _plain_file(warehouse.live_path, [1])
    with (
        pytest.raises(MetricsStoreError, match="changed by another program meanwhile"),
        warehouse.next_generation() as generation,
    ):
        _end(_writer(warehouse.live_path), end)
    assert not generation.directory.exists()
    assert _numbers(warehouse.live_path) == [1, 7]


def test_file_made_while_the_first_one_is_built(warehouse: Warehouse) -> None:
    with (
        pytest.raises(MetricsStoreError, match="changed by another program meanwhile"),
        warehouse.next_generation(),
    ):
        _plain_file(warehouse.live_path, [1])
    assert _numbers(warehouse.live_path) == [1]


def test_waits_for_a_writer(warehouse: Warehouse, capfd: pytest.CaptureFixture[str]) -> None:
    _plain_file(warehouse.live_path, [1])
    writer = _writer(warehouse.live_path)
    patient = Warehouse(warehouse.live_path, writer_patience=60)
    threading.Timer(0.5, _end, [writer, "close"]).start()
    with patient.next_generation() as generation:
        assert _numbers(generation.database) == [1, 7]
    assert "waiting: another program has" in capfd.readouterr().err


def test_writer_that_does_not_end(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    writer = _writer(warehouse.live_path)
    with (
        pytest.raises(MetricsStoreError, match="open for writing") as caught,
        warehouse.next_generation(),
    ):
        pass
    assert str(writer.pid) in str(caught.value)
    _end(writer, "close")
    assert all_directories(warehouse.live_path) == []


def test_writer_in_this_process(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    with (
        duckdb.connect(str(warehouse.live_path)),
        pytest.raises(MetricsStoreError, match="open for writing"),
        warehouse.next_generation(),
    ):
        pass


def test_reader_in_this_process_does_not_matter(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    with duckdb.connect(
        str(warehouse.live_path), read_only=True, config={"threads": 1}
    ) as connection:
        with warehouse.next_generation():
            pass
        assert connection.execute("from kept").fetchall() == [(1,)]


def test_one_at_a_time(warehouse: Warehouse, capfd: pytest.CaptureFixture[str]) -> None:
    impatient = Warehouse(warehouse.live_path, lock_patience=0.2)
    with warehouse.next_generation() as generation:
        write_marker(generation, "one")
        caught: list[MetricsStoreError] = []

        def second() -> None:
            try:
                with impatient.next_generation():
                    pass
            except MetricsStoreError as error:
                caught.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "another build or load is changing the warehouse" in str(caught[0])
    assert "waiting: another build or load" in capfd.readouterr().err
    assert len(all_directories(warehouse.live_path)) == 1


def test_second_waits_for_the_first(warehouse: Warehouse) -> None:
    patient = Warehouse(warehouse.live_path, lock_patience=60)
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with patient.next_generation() as generation:
            write_marker(generation, read_marker(generation)[0] + ", two")

    with warehouse.next_generation() as generation:
        thread = threading.Thread(target=second)
        thread.start()
        entered.wait()
        write_marker(generation, "one")
    thread.join()
    current = warehouse.current()
    assert current is not None
    assert read_marker(current) == ("one, two", "one, two")


def _refused(warehouse: Warehouse) -> str:
    with pytest.raises(MetricsStoreError) as caught, warehouse.next_generation():
        pass
    assert str(warehouse.live_path.parent) in str(caught.value)
    assert all_directories(warehouse.live_path) == []
    return str(caught.value)


def test_directory_at_the_live_path(warehouse: Warehouse) -> None:
    warehouse.live_path.mkdir()
    assert "there is a directory where" in _refused(warehouse)


@pytest.mark.parametrize("content", [b"", b"order_id,amount\n" * 500, b"SQLite format 3\x00" * 99])
def test_live_file_that_is_no_duckdb_database(warehouse: Warehouse, content: bytes) -> None:
    warehouse.live_path.write_bytes(content)
    assert "the warehouse's file is damaged, or no DuckDB file" in _refused(warehouse)
    assert warehouse.live_path.read_bytes() == content


def test_link_to_nothing(warehouse: Warehouse) -> None:
    warehouse.live_path.symlink_to("gone.duckdb")
    assert "a link to a file that is not there" in _refused(warehouse)
    with pytest.raises(MetricsStoreError, match="link to a file that is not there"):
        warehouse.current()


def test_too_little_disk_space(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    # A hole in the file takes no space, but a copy would.
    os.truncate(warehouse.live_path, 12 * 1024**4)
    assert "too little free disk space" in _refused(warehouse)


def test_directory_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(MetricsStoreError, match="cannot be written"),
        Warehouse(tmp_path / "file" / "wh.duckdb").next_generation(),
    ):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_file_that_may_not_be_read(warehouse: Warehouse) -> None:
    _plain_file(warehouse.live_path, [1])
    warehouse.live_path.chmod(0)
    assert "cannot be read as a DuckDB database" in _refused(warehouse)


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_directory_that_may_not_be_written(warehouse: Warehouse) -> None:
    warehouse.live_path.parent.chmod(0o500)
    assert "cannot be written" in _refused(warehouse)


@pytest.mark.parametrize(("mode", "expected"), [(0o600, 0o600), (0o444, 0o644), (0o660, 0o660)])
def test_copy_is_as_private_as_its_source(warehouse: Warehouse, mode: int, expected: int) -> None:
    _plain_file(warehouse.live_path, [1])
    warehouse.live_path.chmod(mode)
    with warehouse.next_generation() as generation:
        _plain_file(generation.database, [2])
    assert warehouse.live_path.stat().st_mode & 0o777 == expected


def test_missing_link_is_no_order_to_delete_data(warehouse: Warehouse) -> None:
    for number in range(3):
        with warehouse.next_generation() as generation:
            write_marker(generation, str(number))
    warehouse.live_path.unlink()
    with pytest.raises(ValueError, match="stop"), warehouse.next_generation():
        raise ValueError("stop")
    assert read_marker(generation) == ("2", "2")


def test_new_database_left_open_is_not_published(warehouse: Warehouse) -> None:
    with (
        pytest.raises(MetricsStoreError, match="cannot be completed"),
        warehouse.next_generation() as generation,
    ):
        writer = _writer(generation.database)
    _end(writer, "close")
    assert warehouse.current() is None
