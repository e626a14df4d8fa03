"""What PostgreSQL makes of SQL without columns: parameters, dates that are calculated."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq

from metrics_store.errors import MetricsStoreError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.serve.postgres.embedded.embedded_server import EmbeddedServer

_SECONDS = 10


@dataclass(frozen=True)
class Parameters:
    """The parameters of a statement, as a client sent them.

    Attributes:
        values: The values.
        formats: 0 for a text and 1 for bytes, of each.
        types: The types, by their numbers in PostgreSQL; 0 for one that is not said.
    """

    values: Sequence[bytes | None] = ()
    formats: Sequence[int] = ()
    types: Sequence[int] = ()


@dataclass
class ConstantValues:
    """A second connection of a session, on which nothing of the client's runs but this.

    Attributes:
        server: The server.
        role: The role of the session.
        date_style: How the client writes days, such as `ISO, DMY`; none for the server's own way.
    """

    server: EmbeddedServer
    role: str
    date_style: str = ""
    _connection: psycopg.Connection | None = None
    _date_style: str = ""

    def types(self, sql: bytes, said: Sequence[int]) -> tuple[int, ...]:
        """Give the types of a statement's parameters.

        Raises:
            MetricsStoreError: PostgreSQL does not understand it.
        """
        with self._connected() as connection:
            prepared = connection.prepare(b"", sql, list(said) or None)
            _check(prepared)
            described = connection.describe_prepared(b"")
            _check(described)
            return tuple(described.param_type(at) for at in range(described.nparams))

    def evaluate(self, parts: Sequence[str], given: Parameters) -> list[object]:
        """Give the values of SQL without columns.

        Raises:
            MetricsStoreError: PostgreSQL cannot work it out.
        """
        written = ", ".join(f"to_jsonb({one})::text" for one in parts)
        with self._connected() as connection:
            result = connection.exec_params(
                f"SELECT {written}".encode(),
                list(given.values),
                list(given.types) or None,
                list(given.formats) or None,
            )
            _check(result)
            texts = [result.get_value(0, at) for at in range(len(parts))]
        return [None if one is None else json.loads(one, parse_float=Decimal) for one in texts]

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def _connected(self) -> Iterator[pq.abc.PGconn]:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = self.server.connect(user=self.role)
                self._connection.execute(f"SET statement_timeout = '{_SECONDS}s'")
                self._date_style = ""
            if self.date_style != self._date_style:
                style = "SELECT set_config('datestyle', %s, false)"
                self._connection.execute(style, [self.date_style])
                self._date_style = self.date_style
            yield self._connection.pgconn
        except psycopg.Error as error:
            raise UnavailableError(
                "the PostgreSQL interface does not answer", detail=str(error)
            ) from error


def _check(result: pq.abc.PGresult) -> None:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return
    said = result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or b""
    raise MetricsStoreError(
        "a value in the statement cannot be worked out", where=said.decode(errors="replace")
    )
