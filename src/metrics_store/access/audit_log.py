"""The audit log: one JSON record for each request that the engine has finished."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_json import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.query.metric_request import MetricRequest


def request_fields(request: MetricRequest) -> dict[str, object]:
    """Give the fields of a request that are set, as JSON values."""
    fields = {
        "saved_query": request.saved_query,
        "metrics": list(request.metrics),
        "group_by": list(request.group_by),
        "where": None if request.where is None else to_json(request.where),
        "order_by": list(request.order_by),
        "limit": request.limit,
        "start_time": request.start_time and request.start_time.isoformat(),
        "end_time": request.end_time and request.end_time.isoformat(),
        "period": None if request.period is None else str(request.period),
    }
    return {key: value for key, value in fields.items() if value not in (None, [])}


class AuditLog:
    """A file of JSON lines that is only ever appended to; never a token, never a row's value.

    A line is written in one go, so that several servers may share the file and it may be rotated
    by moving it away.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._missing = 0
        self._cut_short = False
        self.problem: str | None = None
        self._append(b"")

    def write(  # noqa: PLR0913 - an argument a column
        self,
        *,
        principal: Principal,
        interface: str,
        request_id: str,
        action: str,
        request: MetricRequest,
        outcome: str,
        rows: int | None,
        seconds: float,
        deprecated: Sequence[str] = (),
        rollups: Sequence[str] = (),
        rollup_reasons: Sequence[str] = (),
    ) -> None:
        """Append a line; where that fails, `problem` says so until a line was written again."""
        entry = {
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "request_id": request_id,
            "door": interface,
            "principal": principal.name,
            "groups": sorted(principal.groups),
            "action": action,
            "asked": request_fields(request),
            "outcome": outcome,
            "rows": rows,
            "milliseconds": round(seconds * 1000, 1),
        }
        lists = {"deprecated": deprecated, "rollups": rollups, "rollup_reasons": rollup_reasons}
        entry.update({name: list(texts) for name, texts in lists.items() if texts})
        with self._lock:
            if not self._caught_up() or not self._append(_line(entry)):
                self._missing += 1

    def try_again(self) -> None:
        """Where the log could not be written, try whether it can be now.

        It then records how many requests are missing. Readiness calls this, as no request may come
        to a server that is not ready.
        """
        if self.problem:
            with self._lock:
                self._caught_up()

    def _caught_up(self) -> bool:
        if self.problem is None:
            return True
        gap = {
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "action": "not_written",
            "missing": self._missing,
        }
        if self._append(_line(gap)):
            self._missing = 0
        return self.problem is None

    def _append(self, line: bytes) -> bool:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        if self._cut_short:
            line = b"\n" + line
        try:
            # Readers of the log learn everybody's requests.
            descriptor = os.open(self._path, flags, 0o600)
            try:
                written = os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.problem = error.strerror or type(error).__name__
            return False
        self._cut_short = 0 < written < len(line) or (self._cut_short and written == 0)
        self.problem = None if written == len(line) else "a line was cut short"
        return self.problem is None


def _line(entry: Mapping[str, object]) -> bytes:
    return (json.dumps(entry, ensure_ascii=True, default=str) + "\n").encode()
