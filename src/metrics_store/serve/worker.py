"""A worker: the process, or one of several, that answers through all interfaces until stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import math
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from metrics_store.access.audit_log import AuditLog
from metrics_store.engine.audit_observer import AuditObserver
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.serve.application import application
from metrics_store.serve.configuration.authenticators import authenticator, scram_verifiers
from metrics_store.serve.flight.listener import FlightListener
from metrics_store.serve.monitoring.counters import Counters
from metrics_store.serve.monitoring.readiness import READY, Readiness
from metrics_store.serve.monitoring.request_log import RequestLog
from metrics_store.serve.polled_queries import Limits as QueryLimits
from metrics_store.serve.polled_queries import PolledQueries
from metrics_store.serve.postgres.session_listener import PostgresListener
from metrics_store.serve.request_threads import RequestThreads
from metrics_store.serve.routed_queries import RoutedQueries
from metrics_store.serve.service import Service
from metrics_store.warehouse.embedded.duckdb_executor import Resources
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from types import FrameType

    from starlette.types import ASGIApp

    from metrics_store.engine.observer import Observer
    from metrics_store.project.profile import Target
    from metrics_store.serve.configuration.configuration import Configuration
    from metrics_store.serve.peers import Peers

logger = logging.getLogger(__name__)

# For answers on their way to callers who take them slowly.
LAST_SECONDS = 5
# A caller who asks in the moment in which the server hangs up gets no answer. Callers and proxies
# keep connections for a minute at most; the server hangs up after all of them.
_IDLE_SECONDS = 75


@dataclass(frozen=True)
class Addresses:
    """The addresses of the interfaces that one worker alone answers.

    Attributes:
        flight: That of Flight; none where it is closed.
        postgres: That of PostgreSQL's protocol; none where it is closed.
    """

    flight: str | None = None
    postgres: str | None = None


@dataclass(frozen=True)
class Place:
    """The place of a worker among those of its server.

    Attributes:
        taken: The socket where HTTP comes in, which all share.
        started: Is told its own addresses as soon as the worker answers.
        peers: The workers; none where there is only this one.
    """

    taken: socket.socket
    started: Callable[[Addresses], None]
    peers: Peers | None = None


def work(target: Target, configuration: Configuration, place: Place) -> None:
    """Answer until SIGTERM or SIGINT; requests under way are ended first.

    Args:
        target: The target.
        configuration: The configuration, with this worker's share of the limits; without
            `flight_port` and `postgres_port` it leaves these interfaces to another worker.
        place: Its place.

    Raises:
        MetricsStoreError: The configuration, the definitions or the port of Flight are not right.
    """
    peers = place.peers
    counters = Counters(None if peers is None else peers.counters)
    audit_log = open_audit_log(configuration)
    observers: list[Observer] = [RequestLog(), counters]
    if audit_log is not None:
        observers.append(AuditObserver(audit_log))
    engine = Engine(target, _engine_settings(configuration, peers), observers)
    with contextlib.closing(engine):
        limits = configuration.limits
        threads = RequestThreads(limits.concurrent_requests, limits.waiting_seconds)
        queries = _queries(configuration, peers)
        service = Service(engine, authenticator(configuration), threads, queries)
        readiness = Readiness(engine, audit_log)
        app = application(service, configuration, counters, readiness)
        time_left = _TimeLeft(configuration.shutdown_seconds)
        with (
            contextlib.closing(time_left),
            contextlib.closing(queries),
            _answering(queries, peers),
            _flight(service, configuration, time_left) as flight_address,
            _postgres(service, configuration) as postgres_address,
            _signals_only_stop(),
        ):
            _report_missing(readiness)

            def started() -> None:
                place.started(Addresses(flight_address, postgres_address))

            _Server(configuration, app, engine, time_left, started).run(sockets=[place.taken])
        engine.stop()


def _queries(configuration: Configuration, peers: Peers | None) -> PolledQueries:
    of_all = QueryLimits(running=configuration.limits.concurrent_statements)
    if peers is None:
        return PolledQueries(of_all)
    share = dataclasses.replace(
        of_all,
        of_one=max(1, of_all.of_one // peers.count),
        results_bytes=of_all.results_bytes // peers.count,
    )
    return RoutedQueries(share, peers)


def _answering(
    queries: PolledQueries, peers: Peers | None
) -> contextlib.AbstractContextManager[None]:
    if peers is None or not isinstance(queries, RoutedQueries):
        return contextlib.nullcontext()
    return peers.answering(queries.functions)


class _TimeLeft:
    """The time that is left for requests under way when the server stops."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: float | None = None
        self._timer: threading.Timer | None = None

    def begin(self, give_up: Callable[[], None]) -> None:
        self._ends = time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds, give_up)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Wait no more: a thread that outlives the process's work keeps the warehouse's library."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    @property
    def seconds(self) -> float:
        return 0.0 if self._ends is None else max(0.0, self._ends - time.monotonic())


def _report_missing(readiness: Readiness) -> None:
    """Log at the start what is missing; it may come while the server runs."""
    missing = {name: state for name, state in readiness.check().items() if state != READY}
    if missing:
        logger.error("not ready yet", extra={"fields": missing})


@contextlib.contextmanager
def _flight(
    service: Service, configuration: Configuration, time_left: _TimeLeft
) -> Iterator[str | None]:
    """Listen for Arrow Flight SQL for the `with` block, and give the address."""
    if configuration.flight_port is None:
        yield None
        return
    tls = configuration.tls
    listener = FlightListener(
        service,
        host=configuration.host,
        port=configuration.flight_port,
        certificate=None if tls is None else tls.certificate,
        key=None if tls is None else tls.key,
    )
    listener.start()
    try:
        yield f"{'grpc' if tls is None else 'grpc+tls'}://{configuration.host}:{listener.port}"
    finally:
        listener.stop(time_left.seconds)


@contextlib.contextmanager
def _postgres(service: Service, configuration: Configuration) -> Iterator[str | None]:
    """Listen for PostgreSQL's protocol for the `with` block, and give the address."""
    port, tls = configuration.chosen_postgres_port, configuration.tls
    if port is None:
        yield None
        return
    listener = PostgresListener(
        service,
        host=configuration.host,
        port=port,
        certificate=None if tls is None else tls.certificate,
        key=None if tls is None else tls.key,
        verifiers=scram_verifiers(configuration),
        seconds=configuration.limits.timeout_seconds,
    )
    listener.start()
    try:
        host = f"[{configuration.host}]" if ":" in configuration.host else configuration.host
        yield f"postgresql://{host}:{listener.port}/metrics"
    finally:
        listener.stop()


def _engine_settings(configuration: Configuration, peers: Peers | None) -> EngineSettings:
    limits = configuration.limits
    return EngineSettings(
        limits=Limits(limits.timeout_seconds, limits.rows, limits.answer_megabytes * 1024**2),
        resources=Resources(memory=f"{limits.memory_megabytes}MB"),
        at_once=limits.concurrent_statements,
        plan_directory=default_directory(),
        eager=True,
        result_bytes=limits.result_cache_megabytes * 1024**2,
        result_directory=None if peers is None else peers.results,
    )


def open_audit_log(configuration: Configuration) -> AuditLog | None:
    """Open the audit log; none where the configuration names none.

    Raises:
        MetricsStoreError: It cannot be written.
    """
    if configuration.audit_log is None:
        return None
    log = AuditLog(configuration.audit_log)
    if log.problem:
        raise MetricsStoreError(
            "the audit log cannot be written", where=f"{configuration.audit_log}: {log.problem}"
        )
    return log


def _settings(app: ASGIApp, configuration: Configuration) -> uvicorn.Config:
    tls = configuration.tls
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=math.ceil(configuration.shutdown_seconds) + LAST_SECONDS,
        ssl_certfile=None if tls is None else str(tls.certificate),
        ssl_keyfile=None if tls is None else str(tls.key),
    )


class _Server(uvicorn.Server):
    """Uvicorn's server, which says when it listens and gives up work when its time is over."""

    def __init__(
        self,
        configuration: Configuration,
        app: ASGIApp,
        engine: Engine,
        time_left: _TimeLeft,
        started: Callable[[], None],
    ) -> None:
        super().__init__(_settings(app, configuration))
        self._engine = engine
        self._time_left = time_left
        self._started = started

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self._started()

    async def shutdown(self, sockets: object = None) -> None:
        logger.info("stopping")
        # Whoever still waits then, at whatever interface, gets the error that it was cancelled.
        self._time_left.begin(self._engine.stop)
        # It goes on while Flight ends what is under way there.
        await super().shutdown(sockets)  # type: ignore[arg-type]


@contextlib.contextmanager
def _signals_only_stop() -> Iterator[None]:
    """Uvicorn raises a signal again when it has stopped, which must not end us before we have."""

    def heed(number: int, frame: FrameType | None) -> None:
        del number, frame

    before = {number: signal.signal(number, heed) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
