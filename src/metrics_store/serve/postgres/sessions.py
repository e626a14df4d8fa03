"""The sessions of the interface: each begins, runs, and is ended or cancelled by its key."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
import struct
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.monitoring.request_log import logged_request
from metrics_store.serve.postgres.asked_messages import INTERFACE, AskedMessages
from metrics_store.serve.postgres.constant_values import ConstantValues
from metrics_store.serve.postgres.embedded.embedded_server import DATABASE
from metrics_store.serve.postgres.metric_statements import MetricStatements
from metrics_store.serve.postgres.protocol.message_formats import (
    ProtocolError,
    int32,
    message,
    notice,
    read_message,
    startup,
)
from metrics_store.serve.postgres.protocol.startup_message import Beginning, Cancellation, begin
from metrics_store.serve.postgres.relay import Relay
from metrics_store.serve.postgres.sql_states import sql_state, words_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from metrics_store.access.principal import Principal
    from metrics_store.serve.postgres.embedded.catalog_servers import CatalogServer, CatalogServers
    from metrics_store.serve.postgres.protocol.logins import Logins
    from metrics_store.serve.request_threads import RequestThreads
    from metrics_store.serve.service import Service

_log = logging.getLogger(__name__)
_BEGIN_SECONDS = 60
_MOST = 100
_CANCEL = 80877102
_SECONDS_BETWEEN_CHECKS = 1.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(eq=False)
class Session:
    """A session under way.

    Attributes:
        secret: What only its client knows.
        relay: Its messages.
        server: The path of its PostgreSQL's socket.
        key: What PostgreSQL cancels it by.
        principal: Who it is of.
        catalog: What tells what it sees from others.
    """

    secret: bytes
    relay: Relay
    server: str
    key: bytes
    principal: Principal
    catalog: str
    version: str


@dataclass
class Sessions:
    """All sessions.

    Attributes:
        service: The engine with what all interfaces share.
        servers: The PostgreSQL servers behind it.
        logins: Authenticates who connects.
        threads: The threads that ask the engine.
        context: The certificate; none without TLS.
        seconds: How long PostgreSQL may take for a statement.
    """

    service: Service
    servers: CatalogServers
    logins: Logins
    threads: RequestThreads
    context: ssl.SSLContext | None
    seconds: float
    _sessions: dict[int, Session] = field(default_factory=dict)
    # Each connection's task. A loop does not keep them: of a client that has closed its end nobody
    # else may know, and what is collected as garbage drops no role.
    _tasks: set[asyncio.Task[object]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, from its beginning to its end."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, OSError):
            # The client is gone, or never said what it wants.
            pass
        finally:
            writer.close()
            with contextlib.suppress(Exception):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = Call(INTERFACE)
        try:
            async with asyncio.timeout(_BEGIN_SECONDS):
                beginning = await begin(reader, writer, self.context)
                if isinstance(beginning, Cancellation):
                    await self._cancel(beginning)
                    return
                if len(self._tasks) > _MOST:
                    writer.write(notice(b"E", "FATAL", "53300", "too many clients are connected"))
                    return
                principal = await self.logins.principal(
                    beginning.user, reader, writer, is_encrypted=beginning.is_encrypted
                )
        except ProtocolError as error:
            writer.write(notice(b"E", "FATAL", "08P01", error.what))
            return
        except MetricsStoreError as error:
            with contextlib.suppress(MetricsStoreError), logged_request(INTERFACE, call):
                raise
            what, remedy = words_of(error, call.request_id)
            writer.write(notice(b"E", "FATAL", sql_state(error), what, remedy))
            return
        await self._connected(beginning, principal, (reader, writer))

    async def _connected(self, beginning: Beginning, principal: Principal, client: Streams) -> None:
        if beginning.database not in (DATABASE, beginning.user, "postgres"):
            what = f'database "{beginning.database}" does not exist'
            remedy = f"the one database here is {DATABASE}"
            client[1].write(notice(b"E", "FATAL", "3D000", what, remedy))
            return
        leased: CatalogServer | None = None
        role = ""
        try:
            version = self.service.engine.data_version
            leased = await asyncio.to_thread(self.servers.lease, principal)
            role = await asyncio.to_thread(leased.create_role)
            await self._session(beginning, principal, client, leased, role, version)
        except MetricsStoreError as error:
            what, remedy = words_of(error, "")
            client[1].write(notice(b"E", "FATAL", sql_state(error), what, remedy))
        except Exception:  # noqa: BLE001 - the client is told that something is wrong
            _log.exception("a session of PostgreSQL failed")
            client[1].write(notice(b"E", "FATAL", "XX000", "something went wrong in the server"))
        finally:
            if leased is not None:
                if role:
                    await asyncio.shield(asyncio.to_thread(leased.drop_role, role))
                self.servers.give_back(leased)

    async def _session(  # noqa: PLR0913, PLR0917 - what a session is made of
        self,
        beginning: Beginning,
        principal: Principal,
        client: Streams,
        leased: CatalogServer,
        role: str,
        version: str,
    ) -> None:
        path = leased.server.socket
        server = await asyncio.open_unix_connection(path)
        styles = [one for name, one in beginning.settings.items() if name.lower() == "datestyle"]
        constants = ConstantValues(leased.server, role, styles[-1] if styles else "")
        number = secrets.randbelow(2**31 - 1) + 1
        try:
            settings = {"user": role, "database": DATABASE, **beginning.settings}
            server[1].write(startup(settings))
            key = await self._began(server, client, number, secret := secrets.token_bytes(4))
            if key is None:
                return
            statements = MetricStatements(self.service.engine, principal, leased.catalog)
            asked = AskedMessages(statements, constants, self.threads.run, notices_to(client[1]))
            relay = Relay(client, server, asked)
            session = Session(secret, relay, path, key, principal, leased.key, version)
            self._sessions[number] = session
            watching = asyncio.create_task(self._watch(session))
            try:
                await relay.run()
            finally:
                watching.cancel()
        finally:
            self._sessions.pop(number, None)
            server[1].close()
            await asyncio.to_thread(constants.close)

    async def _began(
        self, server: Streams, client: Streams, number: int, secret: bytes
    ) -> bytes | None:
        """Pass on what PostgreSQL says of a session that begins, with a key of ours for its own."""
        key = b""
        while True:
            kind, body = await read_message(server[0])
            if kind == b"K":
                key, body = body, int32(number) + secret
            if kind != b"R":
                client[1].write(message(kind, body))
            if kind == b"E":
                return None
            if kind == b"Z":
                await client[1].drain()
                return key

    async def _watch(self, session: Session) -> None:
        """Cancel what takes too long; end a session when its client may see something else."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_CHECKS)
            since = session.relay.busy_since
            if since is not None and time.monotonic() - since > self.seconds:
                session.relay.busy_since = time.monotonic()
                await self._cancel_upstream(session)
            if since is None and not await asyncio.to_thread(self._is_current, session):
                what = "what is visible has changed"
                ended = notice(b"E", "FATAL", "57P01", what, "connect anew")
                session.relay.client[1].write(ended)
                session.relay.server[1].close()
                return

    def _is_current(self, session: Session) -> bool:
        try:
            version = self.service.engine.data_version
            if version != session.version:
                if self.servers.key(session.principal) != session.catalog:
                    return False
                session.version = version
        except MetricsStoreError:
            # Each question says so by itself.
            return True
        return True

    async def _cancel(self, asked: Cancellation) -> None:
        session = self._sessions.get(asked.process)
        if session is None or not hmac.compare_digest(session.secret, asked.secret):
            return
        session.relay.asked.cancel()
        await self._cancel_upstream(session)

    async def _cancel_upstream(self, session: Session) -> None:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_unix_connection(session.server)
            writer.write(struct.pack("!ii", 8 + len(session.key), _CANCEL) + session.key)
            await writer.drain()
            writer.close()

    async def close(self) -> None:
        """End all sessions."""
        for session in list(self._sessions.values()):
            session.relay.asked.cancel()
            what = "the server is stopping"
            session.relay.client[1].write(notice(b"E", "FATAL", "57P01", what))
            session.relay.server[1].close()


def notices_to(writer: asyncio.StreamWriter) -> Callable[[Sequence[str]], None]:
    """Give what sends notices to a client, from any thread."""
    loop = asyncio.get_running_loop()

    def notify(notices: Sequence[str]) -> None:
        for one in notices:
            written = notice(b"N", "WARNING", "01000", one)
            loop.call_soon_threadsafe(writer.write, written)

    return notify
