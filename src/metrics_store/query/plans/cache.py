"""Plans that were made before, in memory and on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import stat
import tempfile
import threading
import time
from collections import OrderedDict
from pathlib import Path

from metrics_store.query.plans.plan import Plan

# More questions than a dashboard has, fewer than a caller who makes them up could fill a disk with.
_IN_MEMORY = 2_000
_ON_DISK = 5_000
_UNUSED_SECONDS = 30 * 24 * 3600


def default_directory() -> Path:
    """Give the directory for plans of the person who runs this: it is theirs alone."""
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "metrics-store" / "plans"


class PlanCache:
    """Plans by scope, which is all that they depend on besides the request, and by request.

    Whatever goes wrong on disk, a plan is only made again.

    Args:
        directory: Where plans are kept for other processes; none to keep them in memory only.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._plans: OrderedDict[tuple[str, str], Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scope: str, key: str) -> Plan | None:
        """Give a plan; none where it was not made yet."""
        with self._lock:
            plan = self._plans.get((scope, key))
            if plan is not None:
                self._plans.move_to_end((scope, key))
                return plan
        plan = self._read(scope, key)
        if plan is not None:
            self._remember(scope, key, plan)
        return plan

    def put(self, scope: str, key: str, plan: Plan) -> None:
        """Keep a plan."""
        self._remember(scope, key, plan)
        try:
            self._write(scope, key, plan)
        except OSError:
            return

    def _remember(self, scope: str, key: str, plan: Plan) -> None:
        with self._lock:
            self._plans[scope, key] = plan
            while len(self._plans) > _IN_MEMORY:
                self._plans.popitem(last=False)

    def _file(self, scope: str, key: str) -> Path | None:
        if self._directory is None:
            return None
        return self._directory / scope / (hashlib.sha256(key.encode()).hexdigest() + ".json")

    def _read(self, scope: str, key: str) -> Plan | None:
        file = self._file(scope, key)
        try:
            if file is None or not _is_ours_alone(file.parent):
                return None
            content = json.loads(file.read_text(encoding="utf-8"))
            if content.pop("key") != key:
                return None
            tuples = {name: tuple(content[name]) for name in ("times", "deprecated")}
            return Plan(**{**content, **tuples})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _write(self, scope: str, key: str, plan: Plan) -> None:
        file = self._file(scope, key)
        if file is None or self._directory is None:
            return
        if not file.parent.exists():
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            _remove_unused(self._directory)
            file.parent.mkdir(exist_ok=True, mode=0o700)
        if not _is_ours_alone(file.parent) or sum(1 for _ in file.parent.iterdir()) >= _ON_DISK:
            return
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, suffix=".new", delete=False, encoding="utf-8"
        ) as new:
            try:
                json.dump({"key": key, **dataclasses.asdict(plan)}, new)
                new.close()
                Path(new.name).replace(file)
            except OSError:
                Path(new.name).unlink(missing_ok=True)


def _is_ours_alone(directory: Path) -> bool:
    """Whether nobody else can put a plan there: what it says is run."""
    found = directory.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _remove_unused(directory: Path) -> None:
    for scope in directory.iterdir():
        if time.time() - scope.stat().st_mtime > _UNUSED_SECONDS:
            shutil.rmtree(scope, ignore_errors=True)
