"""Metrics in Python: the same questions in this process and to a server."""

from __future__ import annotations

from metrics_store.client.connecting import connect
from metrics_store.client.connection import Connection
from metrics_store.client.result import Result
from metrics_store.client.warned import MetricDeprecationWarning

__all__ = ["Connection", "MetricDeprecationWarning", "Result", "connect"]
