"""The server process: serves one target through all interfaces until it is stopped."""

from __future__ import annotations

import contextlib
import logging
import math
import signal
import ssl
import threading
import time
from typing import TYPE_CHECKING

import uvicorn

from metrics_store.access.audit_log import AuditLog
from metrics_store.engine.audit_observer import AuditObserver
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.serve.application import application
from metrics_store.serve.configuration.authenticators import authenticator
from metrics_store.serve.configuration.configuration import is_loopback
from metrics_store.serve.flight.listener import FlightListener
from metrics_store.serve.http.sockets import listen, url
from metrics_store.serve.monitoring.counters import Counters
from metrics_store.serve.monitoring.log_formats import set_up
from metrics_store.serve.monitoring.readiness import READY, Readiness
from metrics_store.serve.monitoring.request_log import RequestLog
from metrics_store.serve.polled_queries import Limits as QueryLimits
from metrics_store.serve.polled_queries import PolledQueries
from metrics_store.serve.service import Service
from metrics_store.serve.workers import Workers
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.duckdb_executor import Resources
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from starlette.types import ASGIApp

    from metrics_store.engine.observer import Observer
    from metrics_store.project.profile import Target
    from metrics_store.serve.configuration.configuration import Configuration

logger = logging.getLogger(__name__)

# For answers on their way to callers who take them slowly.
_LAST_SECONDS = 5
# A caller who asks in the moment in which the server hangs up gets no answer. Callers and proxies
# keep connections for a minute at most; the server hangs up after all of them.
_IDLE_SECONDS = 75


def check(configuration: Configuration) -> None:
    """Reject a configuration that would let everybody in from everywhere.

    Raises:
        MetricsStoreError: Others than this machine could ask without a token, or the certificate
            does not fit its key.
    """
    if not configuration.requires_authentication and not is_loopback(configuration.host):
        raise MetricsStoreError(
            "without tokens the server listens to this machine alone",
            where=f"host {configuration.host}",
            expected="`tokens` or `jwt` in the configuration file, or the host 127.0.0.1",
            remedy="run `metrics token NAME` and put what it prints into the file",
        )
    if configuration.tls is not None:
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(configuration.tls.certificate, configuration.tls.key)
        except (OSError, ValueError) as error:
            raise MetricsStoreError(
                "the certificate and its key cannot be used",
                where=f"{configuration.tls.certificate} and {configuration.tls.key}",
                expected="two PEM files, the key without a password",
                detail=str(error),
            ) from None


def serve(target: Target, configuration: Configuration) -> None:
    """Serve a target until SIGTERM or SIGINT; requests under way are ended first.

    Raises:
        MetricsStoreError: The configuration, the definitions or the ports are not right.
    """
    check(configuration)
    set_up(configuration.log)
    known = authenticator(configuration)
    taken = listen(configuration.host, configuration.port)
    if configuration.tls is None and not is_loopback(configuration.host):
        logger.warning(
            "without TLS whoever is on the way reads tokens and answers",
            extra={
                "fields": {
                    "host": configuration.host,
                    "remedy": "give `tls` a certificate and its key, or let a proxy do it",
                }
            },
        )
    _warn_of_waiting_writers(target)
    counters, audit_log = Counters(), _audit_log(configuration)
    observers: list[Observer] = [RequestLog(), counters]
    if audit_log is not None:
        observers.append(AuditObserver(audit_log))
    engine = Engine(target, _engine_settings(configuration), observers)
    with contextlib.closing(taken), contextlib.closing(engine):
        limits = configuration.limits
        workers = Workers(limits.concurrent_requests, limits.waiting_seconds)
        queries = PolledQueries(QueryLimits(running=limits.concurrent_statements))
        service = Service(engine, known, workers, queries)
        readiness = Readiness(engine, audit_log)
        app = application(service, configuration, counters, readiness)
        time_left = _TimeLeft(configuration.shutdown_seconds)
        with (
            contextlib.closing(queries),
            _flight(service, configuration, time_left) as flight_address,
            _signals_only_stop(),
        ):
            addresses = {"url": url(configuration, taken), "flight": flight_address}
            _report_missing(readiness)
            announcement = {**addresses, **_announcement(target, configuration)}
            _Server(configuration, app, engine, time_left, announcement).run(sockets=[taken])
        engine.stop()
    logger.info("stopped")


class _TimeLeft:
    """The time that is left for requests under way when the server stops."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: float | None = None

    def begin(self) -> None:
        self._ends = time.monotonic() + self._seconds

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
    # Flight says of a port that is taken only that something failed.
    listen(configuration.host, configuration.flight_port).close()
    listener.start()
    try:
        yield f"{'grpc' if tls is None else 'grpc+tls'}://{configuration.host}:{listener.port}"
    finally:
        listener.stop(time_left.seconds)


def _engine_settings(configuration: Configuration) -> EngineSettings:
    limits = configuration.limits
    return EngineSettings(
        limits=Limits(limits.timeout_seconds, limits.rows, limits.answer_megabytes * 1024**2),
        resources=Resources(memory=f"{limits.memory_megabytes}MB"),
        at_once=limits.concurrent_statements,
        plan_directory=default_directory(),
        eager=True,
        result_bytes=limits.result_cache_megabytes * 1024**2,
    )


def _warn_of_waiting_writers(target: Target) -> None:
    if target.adapter_type == "duckdb" and Warehouse(target.duckdb_path).is_plain_file:
        logger.warning(
            "while the server runs, `dbt build` and `mf` cannot open the warehouse for writing",
            extra={
                "fields": {
                    "database": str(target.duckdb_path),
                    "remedy": "build with `metrics build`, which builds beside it; let `mf` open "
                    "it with `config_options: {access_mode: read_only}` in the profile",
                }
            },
        )


def _audit_log(configuration: Configuration) -> AuditLog | None:
    if configuration.audit_log is None:
        return None
    log = AuditLog(configuration.audit_log)
    if log.problem:
        raise MetricsStoreError(
            "the audit log cannot be written", where=f"{configuration.audit_log}: {log.problem}"
        )
    return log


def _announcement(target: Target, configuration: Configuration) -> dict[str, object]:
    return {
        "project": str(target.project_directory),
        "target": target.name,
        "version": __version__,
        "who_may_ask": "whoever has a token"
        if configuration.requires_authentication
        else "everybody at this machine, without a token",
    }


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
        timeout_graceful_shutdown=math.ceil(configuration.shutdown_seconds) + _LAST_SECONDS,
        ssl_certfile=None if tls is None else str(tls.certificate),
        ssl_keyfile=None if tls is None else str(tls.key),
    )


class _Server(uvicorn.Server):
    """Uvicorn's server, which says where it listens and gives up work when its time is over."""

    def __init__(
        self,
        configuration: Configuration,
        app: ASGIApp,
        engine: Engine,
        time_left: _TimeLeft,
        announcement: dict[str, object],
    ) -> None:
        super().__init__(_settings(app, configuration))
        self._engine = engine
        self._time_left = time_left
        self._announcement = announcement

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        logger.info("listening", extra={"fields": self._announcement})

    async def shutdown(self, sockets: object = None) -> None:
        logger.info("stopping")
        self._time_left.begin()
        # Whoever still waits then, at whatever interface, gets the error that it was cancelled.
        timer = threading.Timer(self._time_left.seconds, self._engine.stop)
        timer.daemon = True
        timer.start()
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
