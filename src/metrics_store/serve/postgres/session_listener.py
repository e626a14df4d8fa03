"""The listener of the PostgreSQL interface, started and stopped by the server."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.serve.http.sockets import listen
from metrics_store.serve.postgres.embedded.catalog_servers import CatalogServers
from metrics_store.serve.postgres.protocol.logins import Logins
from metrics_store.serve.postgres.sessions import Sessions
from metrics_store.serve.request_threads import RequestThreads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metrics_store.access.authentication.scram import ScramVerifier
    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service

_SECONDS_TO_FINISH = 10


@dataclass
class PostgresListener:
    """PostgreSQL's protocol on a port of its own.

    The PostgreSQL behind it is started when somebody connects.

    Attributes:
        service: The engine with what all interfaces share.
        host: The address to listen at.
        port: The port to listen at; 0 takes a free one, which `port` is once it has started.
        certificate: A PEM file with the certificate for TLS; without one, the port has no TLS.
        key: A PEM file with the certificate's key.
        verifiers: The name of a token's owner -> its SCRAM verifier, and the owner.
        seconds: How long a statement may take.
    """

    service: Service
    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    verifiers: Mapping[str, tuple[ScramVerifier, Principal]] = field(default_factory=dict)
    seconds: float = 60.0
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)
    _servers: CatalogServers | None = field(default=None, init=False, repr=False)
    _stop: asyncio.Event | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Start to listen, in a thread of its own.

        Raises:
            MetricsStoreError: Nothing can listen there.
        """
        taken = listen(self.host, self.port)
        taken.settimeout(0)
        self.port = taken.getsockname()[1]
        context = None
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, self.key)
        self._servers = CatalogServers(self.service.engine)
        started = threading.Event()

        async def run() -> None:
            assert self._servers is not None  # noqa: S101 - as above
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            shared = self.service.threads
            sessions = Sessions(
                self.service,
                self._servers,
                Logins(self.service.authenticator, self.verifiers),
                # Locks belong to the loop that waits for them.
                RequestThreads(shared.concurrent, shared.waiting_seconds),
                context,
                self.seconds,
            )
            server = await asyncio.start_server(sessions.serve, sock=taken)
            started.set()
            await self._stop.wait()
            server.close()
            await sessions.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(others, timeout=_SECONDS_TO_FINISH) if others else None
            for task in others:
                task.cancel()

        self._thread = threading.Thread(
            target=lambda: asyncio.run(run()), name="postgres-interface", daemon=True
        )
        self._thread.start()
        started.wait()

    def stop(self) -> None:
        """Accept nobody any more, and end all sessions and the PostgreSQL behind them."""
        if self._loop is None or self._thread is None or self._stop is None:
            return
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_SECONDS_TO_FINISH * 2)
        if self._servers is not None:
            self._servers.close()
