"""The formats of the server's log on standard error: JSON lines, or text for people."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.serve.configuration.configuration import Logging


def _fields(record: logging.LogRecord) -> dict[str, object]:
    given = getattr(record, "fields", {})
    fields = dict(given) if isinstance(given, dict) else {}
    request_id = getattr(record, "request_id", None)
    if request_id:
        fields = {"request_id": request_id, **fields}
    worker = getattr(record, "worker", None)
    return {"worker": worker, **fields} if worker else fields


class JsonLines(logging.Formatter):
    """One JSON object a line; whatever a caller sent stays inside its quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        fields = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


class PlainLines(logging.Formatter):
    """A line of text; what a caller sent cannot break it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        parts = [_time(record), record.levelname.lower(), record.getMessage()]
        parts += [
            f"{key}={json.dumps(value, default=str)}" for key, value in _fields(record).items()
        ]
        line = " ".join(parts)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _time(record: logging.LogRecord) -> str:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")


class _WorkerHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes the lines of one worker, each whole: several write to the same place."""

    def __init__(self, worker: int, lock: Path) -> None:
        super().__init__(sys.stderr)
        self._worker = worker
        # The lock is on what is opened, so every worker opens it anew.
        self._lock_file = lock.open("w", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        record.worker = self._worker
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            super().emit(record)
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)


def set_up(settings: Logging, *, worker: int | None = None, lock: Path | None = None) -> None:
    """Send the log of this process to standard error.

    Args:
        settings: Its level and format.
        worker: The number of the worker that this process is, for each of its lines.
        lock: A file by which the workers take turns.
    """
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if worker is not None and lock is not None:
        handler = _WorkerHandler(worker, lock)
    handler.setFormatter(JsonLines() if settings.format == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("metrics_store").setLevel(settings.level.upper())
    logging.captureWarnings(capture=True)
    # Each request has a line of ours already.
    logging.getLogger("uvicorn.access").disabled = True
