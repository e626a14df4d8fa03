"""The server: serves one target through all interfaces, by one process or several."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import ssl
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.configuration.authenticators import authenticator
from metrics_store.serve.configuration.configuration import is_loopback
from metrics_store.serve.http.sockets import free_port, listen, url
from metrics_store.serve.limit_shares import check_shares
from metrics_store.serve.monitoring.log_formats import set_up
from metrics_store.serve.supervisor import supervise
from metrics_store.serve.worker import Addresses, Place, open_audit_log, work
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.generations import Warehouse

if TYPE_CHECKING:
    from metrics_store.project.profile import Target
    from metrics_store.serve.configuration.configuration import Configuration

logger = logging.getLogger(__name__)


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
    check_shares(configuration)
    set_up(configuration.log)
    authenticator(configuration)
    open_audit_log(configuration)
    taken = listen(configuration.host, configuration.port)
    if configuration.flight_port is not None:
        # Flight says of a port that is taken only that something failed.
        listen(configuration.host, configuration.flight_port).close()
    configuration = _with_postgres_port(configuration)
    _warn_of_plain_text(configuration)
    _warn_of_waiting_writers(target)

    def started(own: Addresses) -> None:
        web = url(configuration, taken)
        paths = {"rest": f"{web}/v1", "graphql": f"{web}/api/graphql", "mcp": f"{web}/mcp"}
        addresses = {"url": web, **paths, **dataclasses.asdict(own)}
        announcement = {**addresses, **_announcement(target, configuration)}
        logger.info("listening", extra={"fields": announcement})

    with contextlib.closing(taken):
        if configuration.worker_count == 1:
            work(target, configuration, Place(taken, started))
        else:
            supervise(target, configuration, taken, started)
    logger.info("stopped")


def _with_postgres_port(configuration: Configuration) -> Configuration:
    """Choose the port of PostgreSQL's protocol where it is ours to choose, and say which it is."""
    wanted = configuration.chosen_postgres_port
    if configuration.postgres_port != "auto" or wanted is None:
        return configuration
    port = free_port(configuration.host, wanted)
    if port != wanted:
        logger.warning(
            "the usual port of PostgreSQL's protocol is taken; it has another one now",
            extra={
                "fields": {
                    "taken": wanted,
                    "postgres_port": port,
                    "remedy": "stop what listens there, or set `postgres_port` to keep one port",
                }
            },
        )
    return configuration.model_copy(update={"postgres_port": port})


def _warn_of_plain_text(configuration: Configuration) -> None:
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


def _announcement(target: Target, configuration: Configuration) -> dict[str, object]:
    return {
        "project": str(target.project_directory),
        "target": target.name,
        "version": __version__,
        "workers": configuration.worker_count,
        "who_may_ask": "whoever has a token"
        if configuration.requires_authentication
        else "everybody at this machine, without a token",
    }
