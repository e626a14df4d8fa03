"""The counters for Prometheus: requests, their duration and outcome."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.engine.observer import FinishedRequest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


# When a counter began is of no use here.
disable_created_metrics()  # type: ignore[no-untyped-call]


def count_in_files(directory: Path, number: int) -> None:
    """Let all counters that this process makes from now on be added to those of the other workers.

    Args:
        directory: Where each worker has its files.
        number: The worker's number: its successor counts on from where it ended.
    """
    # The library decides by this variable when it is imported, which others may have done before.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def forget_requests_under_way(directory: Path, number: int) -> None:
    """Leave out what a worker that ended had under way."""
    mark_process_dead(number, str(directory))  # type: ignore[no-untyped-call]


class Counters:
    """The counters of one server; labels are few, and never what a caller sent.

    Args:
        directory: Where the workers of the server count, each in its files; none where there is
            only this process.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._registry = self._shown = CollectorRegistry()
        if directory is None:
            ProcessCollector(registry=self._registry)
            PlatformCollector(registry=self._registry)
        else:
            self._shown = CollectorRegistry()
            MultiProcessCollector(self._shown, str(directory))  # type: ignore[no-untyped-call]
        self._requests = Counter(
            "metrics_store_requests",
            "Requests to the engine, by door and what came of them.",
            ["door", "action", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "metrics_store_request_seconds",
            "Time that requests took in the engine.",
            ["door"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rows = Counter(
            "metrics_store_rows", "Rows of answers.", ["door"], registry=self._registry
        )
        self._plans = Counter(
            "metrics_store_plans",
            "Requests whose plan was in the cache (hit), and others (miss).",
            ["cache"],
            registry=self._registry,
        )
        self._deprecated = Counter(
            "metrics_store_deprecated_requests",
            "Requests to the engine that name a deprecated metric; the audit log says whose.",
            ["metric", "door"],
            registry=self._registry,
        )
        self._http = Counter(
            "metrics_store_http_responses",
            "Responses over HTTP, by the route and the status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.in_flight = Gauge(
            "metrics_store_http_in_flight",
            "Requests over HTTP that are not answered yet.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def finished(self, event: FinishedRequest) -> None:
        """Count a request to the engine."""
        interface = event.call.interface
        self._requests.labels(interface, event.action, event.outcome).inc()
        self._seconds.labels(interface).observe(event.seconds)
        self._plans.labels("hit" if event.plan_cache_hit else "miss").inc()
        if event.rows is not None:
            self._rows.labels(interface).inc(event.rows)

        for metric in event.deprecated:
            self._deprecated.labels(metric, interface).inc()

    def responded(self, method: str, route: str, status: int) -> None:
        """Count a response; the route is the pattern, such as `/v1/metrics/{name}`."""
        self._http.labels(method, route, str(status)).inc()

    def text(self) -> bytes:
        """Give all of them in Prometheus' text format."""
        return generate_latest(self._shown)
