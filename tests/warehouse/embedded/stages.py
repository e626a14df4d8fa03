"""Run as a program: make one generation, and stop at a named stage until killed.

Usage: stages.py LIVE_PATH MARKER STAGE. The stage's name is printed when it is reached.
"""

from __future__ import annotations

import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from metrics_store.warehouse.embedded import database_copy, generations, retention

if TYPE_CHECKING:
    from collections.abc import Callable


def write_marker(generation: generations.Generation, marker: str) -> None:
    """Write the same word into the database and into the artifacts."""
    with duckdb.connect(str(generation.database)) as connection:
        connection.execute("create or replace table marker as select ? as word", [marker])
    (generation.artifacts / "manifest.json").write_text(marker)


def read_marker(generation: generations.Generation) -> tuple[str, str]:
    """Read the word out of the database and out of the artifacts."""
    with duckdb.connect(str(generation.database), read_only=True) as connection:
        row = connection.execute("select word from marker").fetchone()
    assert row is not None
    return str(row[0]), (generation.artifacts / "manifest.json").read_text()


def _wait_to_be_killed(stage: str) -> None:
    sys.stdout.write(f"{stage}\n")
    sys.stdout.flush()
    signal.pause()


def _half_a_copy(source: Path, destination: Path) -> None:
    with source.open("rb") as opened:  # closing it would end the lock on it
        destination.write_bytes(opened.read(source.stat().st_size // 2))
        _wait_to_be_killed("copying")


def _stop_before(module: object, name: str, stage: str) -> None:
    _stop(module, name, stage, before=True)


def _stop_after(module: object, name: str, stage: str) -> None:
    _stop(module, name, stage, before=False)


def _stop(module: object, name: str, stage: str, *, before: bool) -> None:
    real: Callable[..., Any] = getattr(module, name)

    def stopping(*arguments: object, **named: object) -> object:
        if before:
            _wait_to_be_killed(stage)
        result = real(*arguments, **named)
        _wait_to_be_killed(stage)
        return result

    setattr(module, name, stopping)


def _prepare(stage: str) -> None:
    if stage == "copying":
        shutil.copyfile = _half_a_copy  # type: ignore[assignment]
    elif stage == "directory made":
        _stop_after(generations, "new_directory", stage)
    elif stage == "copied":
        _stop_after(database_copy, "copy_database", stage)
    elif stage == "checkpointed":
        _stop_after(database_copy, "checkpoint", stage)
    elif stage == "before the switch":
        _stop_before(generations.Warehouse, "_switch", stage)
    elif stage == "link made":
        _stop_before(Path, "replace", stage)
    elif stage == "after the switch":
        _stop_after(generations.Warehouse, "_switch", stage)
    elif stage == "half cleared":
        _stop_after(retention.shutil, "rmtree", stage)


def main() -> None:
    live_path, marker, stage = sys.argv[1:]
    _prepare(stage)
    with generations.Warehouse(Path(live_path)).next_generation() as generation:
        write_marker(generation, marker)
        if stage == "writing":
            connection = duckdb.connect(str(generation.database))
            connection.execute("create table half_written as select 1 as one")
            _wait_to_be_killed(stage)


if __name__ == "__main__":
    main()
