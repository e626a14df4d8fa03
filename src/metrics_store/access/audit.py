"""The audit log: who asked what, when, through which door, and what came of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from typing import TYPE_CHECKING

from metrics_store.query.filters.json_form import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.query.request import MetricRequest


def asked(request: MetricRequest) -> dict[str, object]:
    """Write a request as plain JSON values, without what it does not say."""
    said = {
        "saved_query": request.saved_query,
        "metrics": list(request.metrics),
        "group_by": list(request.group_by),
        "where": None if request.where is None else to_json(request.where),
        "order_by": list(request.order_by),
        "limit": request.limit,
        "start_time": request.start_time and request.start_time.isoformat(),
        "end_time": request.end_time and request.end_time.isoformat(),
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


class AuditLog:
    """A file of JSON lines that is only ever appended to; never a token, never a row's value.

    A line is written in one go, so that several servers may share the file and it may be rotated
    by moving it away.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.problem: str | None = None
        self._append(b"")

    def write(  # noqa: PLR0913 - an argument a column
        self,
        *,
        principal: Principal,
        door: str,
        request_id: str,
        action: str,
        request: MetricRequest,
        outcome: str,
        rows: int | None,
        seconds: float,
    ) -> None:
        """Append a line; where that fails, `problem` says so until a line was written again."""
        entry = {
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "request_id": request_id,
            "door": door,
            "principal": principal.name,
            "groups": sorted(principal.groups),
            "action": action,
            "asked": asked(request),
            "outcome": outcome,
            "rows": rows,
            "milliseconds": round(seconds * 1000, 1),
        }
        line = json.dumps(entry, ensure_ascii=True, default=str) + "\n"
        self._append(line.encode())

    def _append(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        with self._lock:
            try:
                # Who reads the log learns what everybody asks.
                descriptor = os.open(self._path, flags, 0o600)
                try:
                    written = os.write(descriptor, line)
                finally:
                    os.close(descriptor)
            except OSError as error:
                self.problem = error.strerror or type(error).__name__
                return
        self.problem = None if written == len(line) else "a line was cut short"
