"""Plans on disk, for other processes of the same person."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.query.plans.plan import Plan
from metrics_store.query.plans.plan_eviction import PLAN, SCOPE_FILE, UNFINISHED, evict

if TYPE_CHECKING:
    from collections.abc import Mapping

# A plan's last use is written down once a day.
_SECONDS_OF_A_USE = 24 * 3600
_WRITTEN_BETWEEN_EVICTIONS = 50
_TUPLES = (
    "times",
    "deprecated",
    "time_columns",
    "notices",
    "whole_periods",
    "condition_grains",
    "rewrites",
)


@dataclasses.dataclass(frozen=True)
class PlanScope:
    """All that plans depend on besides the request.

    Attributes:
        name: Another for each other such; it is the name of a directory.
        manifest: The file of the definitions.
        manifest_hash: The SHA-256 of what is in it.
    """

    name: str
    manifest: Path | None = None
    manifest_hash: str = ""


class PlanFiles:
    """Plans by scope and request, each in a file of its own.

    A file is there whole or not at all, whatever other processes do and whenever one is killed.

    Args:
        directory: Where they are.
        most: How many there may be.
    """

    def __init__(self, directory: Path, most: int) -> None:
        self._directory = directory
        self._most = most
        # Commands write one plan each: of fifty of them, one looks.
        self._written = os.getpid() % _WRITTEN_BETWEEN_EVICTIONS
        self._described: set[PlanScope] = set()

    def read(self, scope: PlanScope, key: str) -> Plan | None:
        """Give a plan; none where there is none, or none that can be read."""
        file = self._file(scope, key)
        try:
            if not _is_private(file.parent):
                return None
            content = json.loads(file.read_text(encoding="utf-8"))
            if content.pop("key") != key:
                return None
            tuples = {name: tuple(content[name]) for name in _TUPLES}
            plan = Plan(**{**content, **tuples})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > _SECONDS_OF_A_USE:
                os.utime(file)
            self._describe(scope)
        return plan

    def write(self, scope: PlanScope, key: str, plan: Plan) -> None:
        """Keep a plan, and now and then make room.

        Raises:
            OSError: It cannot be written.
        """
        file = self._file(scope, key)
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not file.parent.exists()
        file.parent.mkdir(exist_ok=True, mode=0o700)
        if not _is_private(file.parent):
            return
        _write(file, {"key": key, **dataclasses.asdict(plan)})
        self._describe(scope)
        self._written += 1
        if is_new or self._written % _WRITTEN_BETWEEN_EVICTIONS == 0:
            evict(self._directory, self._most)

    def _file(self, scope: PlanScope, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest() + PLAN
        return self._directory / scope.name / name

    def _describe(self, scope: PlanScope) -> None:
        """Write down which definitions the plans belong to, and where these are."""
        if scope in self._described or scope.manifest is None:
            return
        _write(
            self._directory / scope.name / SCOPE_FILE,
            {"manifest": str(scope.manifest), "sha256": scope.manifest_hash},
        )
        self._described.add(scope)


def _write(file: Path, content: Mapping[str, Any]) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, suffix=UNFINISHED, delete=False, encoding="utf-8"
    ) as new:
        try:
            json.dump(content, new)
            new.close()
            Path(new.name).replace(file)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def _is_private(directory: Path) -> bool:
    """Whether nobody else can put a plan there: what it says is run."""
    found = directory.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
