"""Metrics in Python: the same questions in this process and to a server."""

from __future__ import annotations

from metrics_store.client.connecting import connect
from metrics_store.client.connection import Connection
from metrics_store.client.result import Result

__all__ = ["Connection", "Result", "connect"]
