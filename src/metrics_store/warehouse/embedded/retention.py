"""The directories of generations: their names, which are finished, which are removed."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GENERATIONS = "generations"
ARTIFACTS = "target"

# In a generation's directory until everything in it is written and flushed.
UNFINISHED_MARKER = "unfinished"


def all_directories(live_path: Path) -> list[Path]:
    """List the generation directories of one live file, the oldest first."""
    pattern = re.compile(re.escape(live_path.name) + r"-\d{6,}-\d{8}T\d{12}Z")
    parent = live_path.parent / GENERATIONS
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if pattern.fullmatch(path.name))


def new_directory(live_path: Path) -> Path:
    """Create the directory of the next generation, marked as unfinished.

    The names count up, so that they sort even where the clock is set back.
    """
    existing = all_directories(live_path)
    last = existing[-1].name.removeprefix(live_path.name + "-").split("-")[0] if existing else "0"
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    directory = live_path.parent / GENERATIONS / f"{live_path.name}-{int(last) + 1:06d}-{now}"
    directory.mkdir()
    (directory / UNFINISHED_MARKER).touch()
    return directory


def is_finished(directory: Path, database_name: str) -> bool:
    """Tell whether everything in the generation was written and flushed."""
    return (directory / database_name).is_file() and not (directory / UNFINISHED_MARKER).exists()


def remove_superseded(live_path: Path, current: Path | None) -> None:
    """Remove what killed processes left, and the generations before the previous one.

    The previous one stays for readers that looked up the path before the switch and have not
    opened it yet.

    Args:
        live_path: The live file.
        current: The directory it points into; `None` where it is missing or no generation. Then
            the two newest finished generations stay: a missing link is no order to delete data.
    """
    directories = all_directories(live_path)
    finished = [path for path in directories if is_finished(path, live_path.name)]
    if current is None:
        kept = finished[-2:]
    else:
        kept = [path for path in finished if path.name < current.name][-1:]
        kept.append(current)
    names = {path.name for path in kept}
    for directory in directories:
        if directory.name not in names:
            shutil.rmtree(directory, ignore_errors=True)
