"""The plan cache: plans made before, in memory and on disk."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.query.plans.plan_files import PlanFiles, PlanScope

if TYPE_CHECKING:
    from metrics_store.query.plans.plan import Plan

# More requests than a dashboard has, fewer than a caller who makes them up could fill a disk with.
_IN_MEMORY = 2_000
_ON_DISK = 5_000


def default_directory() -> Path:
    """Give the directory for plans of the person who runs this: it is theirs alone."""
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "metrics-store" / "plans"


class PlanCache:
    """Plans by scope, which is all that they depend on besides the request, and by request.

    Whatever goes wrong on disk, a plan is only made again.

    Args:
        directory: Where plans are stored for other processes; none to have them in memory only.
        most_on_disk: How many are stored there, of all scopes together.
    """

    def __init__(self, directory: Path | None = None, most_on_disk: int = _ON_DISK) -> None:
        self._files = None if directory is None else PlanFiles(directory, most_on_disk)
        self._plans: OrderedDict[tuple[str, str], Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scope: PlanScope, key: str, *, in_memory: bool = False) -> Plan | None:
        """Give a plan; none where it was not made yet, or is not `in_memory`."""
        with self._lock:
            plan = self._plans.get((scope.name, key))
            if plan is not None:
                self._plans.move_to_end((scope.name, key))
                return plan
        if in_memory or self._files is None:
            return None
        plan = self._files.read(scope, key)
        if plan is not None:
            self._store(scope, key, plan)
        return plan

    def put(self, scope: PlanScope, key: str, plan: Plan) -> None:
        """Store a plan."""
        self._store(scope, key, plan)
        if self._files is None:
            return
        try:
            self._files.write(scope, key, plan)
        except OSError:
            return

    def text(self, scope: PlanScope, key: str, *, in_memory: bool = False) -> str | None:
        """Give a text that was stored beside the plans; none where it was not."""
        plan = self.get(scope, key, in_memory=in_memory)
        return None if plan is None else plan.template

    def put_text(self, scope: PlanScope, key: str, text: str) -> None:
        """Store a text of what plans are made of, as long and as safely as they are."""
        # Imported when one is stored: reading needs no plans' values.
        from metrics_store.query.plans.plan import Plan  # noqa: PLC0415

        self.put(scope, key, Plan(text))

    def _store(self, scope: PlanScope, key: str, plan: Plan) -> None:
        with self._lock:
            self._plans[scope.name, key] = plan
            while len(self._plans) > _IN_MEMORY:
                self._plans.popitem(last=False)
