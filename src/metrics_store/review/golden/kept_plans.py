"""The plans of golden questions, kept for the program that made them."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from metrics_store.project.kept_result import key_of, write_whole
from metrics_store.project.program_digest import program_digest
from metrics_store.review.directory_cache import DirectoryCache, default_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.metric_store import MetricStore

_FILE = "plans.json"


class KeptPlans:
    """Plans requests on the definitions of a store; a plan that was made is kept.

    They are kept by the code of this program and of what it plans with: a plan that another one
    made would hide what planning changed.

    Args:
        store: The store.
    """

    def __init__(self, store: MetricStore) -> None:
        self._store = store
        self._directory = _directory(store)
        self._plans = _read(self._directory / _FILE)
        self._is_new = False

    def plan(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request.

        Raises:
            MetricsStoreError: The request does not fit the definitions.
        """
        key = repr(request)
        if key not in self._plans:
            self._plans[key] = self._store.planner.plan(request)
            self._is_new = True
        return self._plans[key]

    def keep(self) -> None:
        """Keep what was planned."""
        if self._is_new:
            with contextlib.suppress(OSError):
                write_whole(self._directory / _FILE, self._plans)


@contextlib.contextmanager
def kept_plans(store: MetricStore) -> Iterator[KeptPlans]:
    """Plan on a store in the `with` block, and keep it afterwards, whatever else went wrong."""
    plans = KeptPlans(store)
    try:
        yield plans
    finally:
        plans.keep()


def _directory(store: MetricStore) -> Path:
    cache = DirectoryCache(default_directory() / "plans", most=20, most_bytes=200 * 1024**2)
    dialect = store.warehouse.target.adapter_type
    key = key_of(program_digest(), dialect, store.semantic_manifest.read_bytes())
    return cache.find_or_make(key)


def _read(file: Path) -> dict[str, str]:
    read: Any = None
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(file.read_text(encoding="utf-8"))
    return read if isinstance(read, dict) else {}
