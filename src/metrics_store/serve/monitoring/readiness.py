"""Readiness: whether the server can answer now, and if not, what is missing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.access.principal import Principal
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.monitoring.request_log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.audit_log import AuditLog
    from metrics_store.engine.engine import Engine

READY = "ok"
# However often readiness is requested, the warehouse is checked no more often than this.
_SECONDS = 1.0
_NOBODY = Principal("readiness")


@dataclass
class Readiness:
    """Checks whether the server can answer.

    Attributes:
        engine: The engine that must answer.
        audit_log: The log that must be writable.
    """

    engine: Engine
    audit_log: AuditLog | None = None
    _found: dict[str, str] = field(default_factory=dict)
    _checked_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> dict[str, str]:
        """Give the state of each part, `ok` or what is wrong; blocks while it checks."""
        with self._lock:
            if time.monotonic() - self._checked_at >= _SECONDS:
                self._found = {
                    "definitions": self._tried(self._definitions),
                    "warehouse": self._tried(self._warehouse),
                    "newest_build": self._newest_build(),
                    "audit_log": self._audit_log(),
                }
                self._checked_at = time.monotonic()
            return self._found

    def _definitions(self) -> None:
        self.engine.definitions(_NOBODY)

    def _warehouse(self) -> None:
        self.engine.check()

    def _newest_build(self) -> str:
        problem = self.engine.problem
        return f"it cannot be used: {problem.public()}" if problem else READY

    def _audit_log(self) -> str:
        if self.audit_log is not None:
            self.audit_log.try_again()
        problem = self.audit_log.problem if self.audit_log else None
        return f"it cannot be written: {problem}" if problem else READY

    @staticmethod
    def _tried(check: Callable[[], None]) -> str:
        try:
            check()
        except MetricsStoreError as error:
            return error.public()
        except Exception:  # noqa: BLE001 - whatever it is, the server is not ready
            logger.exception("readiness")
            return "something went wrong in the server"
        return READY
