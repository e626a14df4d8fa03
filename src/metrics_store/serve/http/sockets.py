"""The ports of the server, taken before anything else is started."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.serve.configuration.configuration import Configuration


def listen(host: str, port: int) -> socket.socket:
    """Take a port; 0 takes any that is free.

    Raises:
        MetricsStoreError: It is taken, or the address is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refused(host, port, error) from None
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(2048)
    except OSError as error:
        taken.close()
        raise _refused(host, port, error) from None
    taken.set_inheritable(False)
    return taken


def _refused(host: str, port: int, error: OSError) -> MetricsStoreError:
    return MetricsStoreError(
        "the server cannot listen there",
        where=f"{host}, port {port}: {error.strerror}",
        remedy="stop what listens there already, or choose another --port or --host",
    )


def free_port(host: str, wanted: int) -> int:
    """Give a port that nobody listens at: the one that is wanted, where it is free."""
    try:
        with contextlib.closing(listen(host, wanted)) as taken:
            return int(taken.getsockname()[1])
    except MetricsStoreError:
        if not wanted:
            raise
        return free_port(host, 0)


def url(configuration: Configuration, taken: socket.socket) -> str:
    """Give the address of HTTP as callers on this machine write it."""
    scheme = "https" if configuration.tls else "http"
    host = f"[{configuration.host}]" if ":" in configuration.host else configuration.host
    return f"{scheme}://{host}:{taken.getsockname()[1]}"
