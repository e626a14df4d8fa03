"""The servers by what is visible in them: who sees the same shares one."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from metrics_store.errors import UnavailableError
from metrics_store.serve.catalogs.catalog_types import CatalogTypes
from metrics_store.serve.catalogs.kept_catalogs import KeptCatalogs
from metrics_store.serve.postgres.embedded.embedded_server import EmbeddedServer
from metrics_store.serve.postgres.embedded.shadow_schema import create_schema

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.engine import Engine
    from metrics_store.query.selects.tables.table_catalog import TableCatalog

_MOST_SERVERS = 8


@dataclass
class CatalogServer:
    """A server with the schema of one catalog.

    Attributes:
        key: What tells the catalog from others.
        catalog: The catalog.
        server: The server.
        sessions: How many use it.
        used_at: When it was last used, in seconds of the monotonic clock.
    """

    key: str
    catalog: TableCatalog
    server: EmbeddedServer = field(default_factory=EmbeddedServer)
    sessions: int = 0
    used_at: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _owner: psycopg.Connection | None = None

    def open(self) -> None:
        """Start the server, unless it answers already.

        Raises:
            UnavailableError: It does not start.
        """
        with self._lock:
            if self._owner is not None and self.server.answers:
                return
            if self._owner is not None:
                self._owner.close()
                self.server.stop()
                self.server = EmbeddedServer()
            try:
                self.server.start()
                self._owner = self.server.connect()
                create_schema(self._owner, self.catalog)
            except psycopg.Error as error:
                self.server.stop()
                self._owner = None
                raise UnavailableError(
                    "the PostgreSQL interface cannot be opened", detail=str(error)
                ) from error

    def create_role(self) -> str:
        """Make the role of a session, which may read the schema and nothing else."""
        name = f"session_{secrets.token_hex(8)}"
        self._execute("CREATE ROLE {} LOGIN NOINHERIT CONNECTION LIMIT 2", name)
        return name

    def drop_role(self, name: str) -> None:
        """Remove the role of a session; whatever still runs for it ends."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {}"
        try:
            with self._lock:
                if self._owner is not None:
                    self._owner.execute(sql.SQL(end).format(sql.Literal(name)))
                    self._owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
        except psycopg.Error:
            # The server is gone, and the role with it.
            return

    def _execute(self, statement: str, name: str) -> None:
        with self._lock:
            if self._owner is None:
                raise UnavailableError("the PostgreSQL interface is closed")
            try:
                self._owner.execute(sql.SQL(statement).format(sql.Identifier(name)))
            except psycopg.Error as error:
                raise UnavailableError(
                    "the PostgreSQL interface does not answer", detail=str(error)
                ) from error

    def close(self) -> None:
        """End the server."""
        with self._lock:
            if self._owner is not None:
                self._owner.close()
                self._owner = None
            self.server.stop()


class CatalogServers:
    """All servers of an engine; safe for any number of threads.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._catalogs = KeptCatalogs(engine, CatalogTypes)
        self._servers: dict[str, CatalogServer] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def key(self, principal: Principal) -> str:
        """Give what tells a principal's catalog, as it is now, from others."""
        return self._catalogs.keyed(principal)[0]

    def lease(self, principal: Principal) -> CatalogServer:
        """Give the server of what a principal sees, started; whoever asks gives it back.

        Raises:
            UnavailableError: It does not start, or too many others are in use.
        """
        key, catalog = self._catalogs.keyed(principal)
        with self._lock:
            if self._is_closed:
                raise UnavailableError("the server is stopping")
            found = self._servers.get(key)
            if found is None:
                self._make_room()
                found = self._servers[key] = CatalogServer(key, catalog)
            found.sessions += 1
        try:
            found.open()
        except BaseException:
            self.give_back(found)
            raise
        return found

    def give_back(self, server: CatalogServer) -> None:
        """Give a server back."""
        with self._lock:
            server.sessions -= 1
            server.used_at = time.monotonic()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            self._is_closed = True
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _make_room(self) -> None:
        if len(self._servers) < _MOST_SERVERS:
            return
        idle = [one for one in self._servers.values() if not one.sessions]
        if not idle:
            raise UnavailableError(
                "too many callers who see different metrics are connected", remedy="try again later"
            )
        oldest = min(idle, key=lambda one: one.used_at)
        del self._servers[oldest.key]
        oldest.close()
