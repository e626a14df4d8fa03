"""Removes plans from disk that are old or too many.

Any number of processes may evict at once, while others read and write: whoever finds a plan gone
makes it again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In each directory of plans: which definitions they were planned with.
SCOPE_FILE = "made_of"
PLAN, UNFINISHED = ".json", ".new"
_UNUSED_SECONDS = 30 * 24 * 3600
_UNFINISHED_SECONDS = 3600
# Nobody looks through all plans again for each new one.
_SHARE_LEFT = 0.9


@dataclass(frozen=True, order=True)
class _File:
    is_current: bool
    last_used: float
    path: Path


def evict(directory: Path, most: int) -> None:
    """Remove what nobody used for long, and where there are still too many plans, some of them.

    First those whose definitions are no longer live, then those that nobody used for longest.
    """
    now = time.time()
    remaining = []
    for file in _files(directory):
        age = now - file.last_used
        unused = age > _UNUSED_SECONDS
        if unused or (file.path.suffix == UNFINISHED and age > _UNFINISHED_SECONDS):
            _remove(file.path)
        elif file.path.suffix == PLAN:
            remaining.append(file)
    if len(remaining) > most:
        for file in sorted(remaining)[: len(remaining) - int(most * _SHARE_LEFT)]:
            _remove(file.path)
    for scope in _directories(directory):
        _remove_if_empty(scope)


def _directories(directory: Path) -> list[Path]:
    with os.scandir(directory) as found:
        return sorted(Path(one.path) for one in found if one.is_dir(follow_symlinks=False))


def _files(directory: Path) -> Iterator[_File]:
    for scope in _directories(directory):
        is_current = _is_current(scope / SCOPE_FILE)
        try:
            with os.scandir(scope) as found:
                files = [one for one in found if one.name != SCOPE_FILE]
        except OSError:
            continue
        for one in files:
            try:
                last_used = one.stat(follow_symlinks=False).st_mtime
            except OSError:
                continue
            yield _File(is_current, last_used, Path(one.path))


def _is_current(scope_file: Path) -> bool:
    """Whether the definitions that plans were planned with are still where they were."""
    try:
        content = json.loads(scope_file.read_text(encoding="utf-8"))
        return bool(_hash(Path(content["manifest"])) == content["sha256"])
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _hash(manifest: Path) -> str:
    found = manifest.stat()
    return _hash_of(manifest, found.st_mtime_ns, found.st_ino)


@functools.lru_cache(maxsize=64)
def _hash_of(manifest: Path, *_version: int) -> str:
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        # Another process was first.
        return


def _remove_if_empty(scope: Path) -> None:
    try:
        if [one.name for one in scope.iterdir()] == [SCOPE_FILE]:
            (scope / SCOPE_FILE).unlink()
        scope.rmdir()
    except OSError:
        # Plans are in it, or another process was first.
        return
