"""Detects damaged DuckDB files, and gives the error with what can be restored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.errors import UnavailableError
from metrics_store.warehouse.embedded.retention import GENERATIONS, all_directories, is_finished

if TYPE_CHECKING:
    from pathlib import Path

# DuckDB has no class of its own for these.
_DAMAGED = re.compile(
    "corrupt database|checksum|could not read enough bytes|not a valid duckdb database",
    re.IGNORECASE,
)
_BACKUP = "`metrics restore FILE` brings back what `metrics backup` kept"


def is_damage(error: Exception) -> bool:
    """Tell whether DuckDB says that a file is damaged, and not merely in use or not there."""
    return bool(_DAMAGED.search(str(error)))


def generation_before(database: Path) -> Path | None:
    """Give the directory of the whole generation that came before a database; none without one."""
    directory = database.parent
    if directory.parent.name != GENERATIONS:
        return None
    live_path = directory.parent.parent / database.name
    older = [one for one in all_directories(live_path) if one.name < directory.name]
    return next((one for one in reversed(older) if is_finished(one, database.name)), None)


def damaged(database: Path, error: Exception) -> UnavailableError:
    """Give the error for a file that DuckDB finds damaged, with the way out of it."""
    before = generation_before(database.resolve())
    return UnavailableError(
        "the warehouse's file is damaged, or no DuckDB file",
        where=str(database),
        expected="a whole DuckDB file",
        remedy=(
            f"`metrics restore --previous` brings back the generation before it ({before.name}), "
            f"and {_BACKUP}"
            if before
            else f"{_BACKUP}; without a backup, move the file away and load and build anew"
        ),
        detail=(str(error).strip() or type(error).__name__).splitlines()[0],
    )
