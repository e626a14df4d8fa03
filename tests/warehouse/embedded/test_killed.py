"""A process that is killed while it makes a generation leaves the last good one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from stages import read_marker, write_marker

from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.embedded.retention import all_directories

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGES = Path(__file__).with_name("stages.py")


def _publish(warehouse: Warehouse, marker: str) -> None:
    with warehouse.next_generation() as generation:
        write_marker(generation, marker)


def _live_marker(warehouse: Warehouse) -> tuple[str, str]:
    current = warehouse.current()
    assert current is not None
    return read_marker(current)


@contextmanager
def _stopped_at(warehouse: Warehouse, stage: str) -> Iterator[None]:
    """Make a generation in another process, which waits at the stage and is killed at the end."""
    with subprocess.Popen(
        [sys.executable, str(STAGES), str(warehouse.live_path), "killed", stage],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == stage
            yield
        finally:
            process.kill()


def _assert_tidy(warehouse: Warehouse) -> None:
    current = warehouse.current()
    assert current is not None
    directories = [path.name for path in all_directories(warehouse.live_path)]
    assert len(directories) <= 2
    assert directories[-1] == current.directory.name
    files = {path.name for path in current.directory.iterdir()}
    assert files == {"wh.duckdb", "target", "published.json"}
    beside = {path.name for path in (warehouse.live_path.parent / "generations").iterdir()}
    assert beside == {*directories, ".wh.duckdb.lock"}
    assert {path.name for path in warehouse.live_path.parent.iterdir()} == {
        "wh.duckdb",
        "generations",
    }


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        ("directory made", "two"),
        ("copying", "two"),
        ("copied", "two"),
        ("writing", "two"),
        ("checkpointed", "two"),
        ("before the switch", "two"),
        ("link made", "two"),
        ("after the switch", "killed"),
        ("half cleared", "killed"),
    ],
)
def test_killed_at_a_stage(tmp_path: Path, stage: str, left: str) -> None:
    warehouse = Warehouse(tmp_path / "wh.duckdb")
    _publish(warehouse, "one")
    _publish(warehouse, "two")
    with _stopped_at(warehouse, stage):
        assert _live_marker(warehouse) == (left, left)
    assert _live_marker(warehouse) == (left, left)
    _publish(warehouse, "next")
    assert _live_marker(warehouse) == ("next", "next")
    _assert_tidy(warehouse)


def test_no_writer_gets_in_while_the_live_file_is_copied(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "wh.duckdb")
    _publish(warehouse, "one")
    with _stopped_at(warehouse, "copying"):
        with pytest.raises(duckdb.IOException, match="Could not set lock"):
            duckdb.connect(str(warehouse.live_path))
        assert _live_marker(warehouse) == ("one", "one")  # readers do get in


def test_first_one_killed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "wh.duckdb")
    with _stopped_at(warehouse, "writing"):
        assert warehouse.current() is None
    _publish(warehouse, "next")
    assert len(all_directories(warehouse.live_path)) == 1
    assert _live_marker(warehouse) == ("next", "next")
    _assert_tidy(warehouse)


LOOP = """
import sys
from pathlib import Path
from stages import write_marker
from metrics_store.warehouse.embedded.generations import Warehouse
number = int(sys.argv[2])
while True:
    number += 1
    with Warehouse(Path(sys.argv[1])).next_generation() as generation:
        write_marker(generation, str(number))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "wh.duckdb")
    published = 0
    _publish(warehouse, str(published))
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", LOOP, str(warehouse.live_path), str(published)],
            cwd=STAGES.parent,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(random.uniform(0, 0.12))
            process.kill()
            said = [int(line) for line in process.stdout.read().split()]
        word, artifacts_word = _live_marker(warehouse)
        assert word == artifacts_word
        # What was said to be published is; the next one may be, without having been said.
        assert int(word) in {max(said, default=published + 1), max(said, default=published + 1) + 1}
        published = int(word)
    _publish(warehouse, "next")
    _assert_tidy(warehouse)
