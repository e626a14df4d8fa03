"""The messages of one session on their way to PostgreSQL and back: only statements are changed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.statements import split_statements
from metrics_store.serve.monitoring.request_log import logged_request
from metrics_store.serve.postgres.constant_values import Parameters
from metrics_store.serve.postgres.embedded.shadow_schema import REFUSE
from metrics_store.serve.postgres.metric_statements import inlined, placeholder
from metrics_store.serve.postgres.protocol.message_formats import (
    Fields,
    ProtocolError,
    int16,
    message,
    notice,
    parse,
    read_message,
    text,
    values,
    without_context,
)
from metrics_store.serve.postgres.sql_states import sql_state, words_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from metrics_store.query.selects.rewritten_statement import RewrittenStatement
    from metrics_store.serve.postgres.constant_values import ConstantValues
    from metrics_store.serve.postgres.metric_statements import MetricStatements

INTERFACE = "postgres"
_REFUSAL = "metrics_refusal"
_WAITING = 64
_CODECS = {"utf8": "utf-8", "unicode": "utf-8", "latin1": "latin-1", "win1252": "cp1252"}


@dataclass(eq=False)
class Prepared:
    """A prepared statement over metrics.

    Attributes:
        statement: The statement.
        sql: Its text, with a parameter for each array of rows.
        own: The number of its client's parameters.
        said: The types that the client said of them.
        types: All of their types, once they are needed.
    """

    statement: RewrittenStatement
    sql: str
    own: int
    said: tuple[int, ...]
    types: tuple[int, ...] | None = None


@dataclass
class _Expected:
    """An answer of PostgreSQL that is to come.

    Attributes:
        kind: Its kind.
        is_hidden: Whether the client asked for none.
        own: Of the types of parameters, the number of those that the client knows of.
    """

    kind: bytes
    is_hidden: bool = False
    own: int | None = None


@dataclass
class Relay:
    """One session.

    Attributes:
        client: Reads from the client, and writes to it.
        server: Reads from PostgreSQL, and writes to it.
        statements: The statements of the session.
        constants: Works out what has no columns.
        work: Runs what blocks in a thread, for a call.
        seconds: How long PostgreSQL may take for a statement.
        is_current: Says whether what is visible is still the same; blocks.
    """

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    statements: MetricStatements
    constants: ConstantValues
    work: Callable[[Call, Callable[[], object]], Awaitable[object]]
    seconds: float
    call: Call | None = None
    busy_since: float | None = None
    _prepared: dict[bytes, Prepared] = field(default_factory=dict)
    _expected: deque[_Expected] = field(default_factory=deque)
    _codec: str = "utf-8"
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    async def run(self) -> None:
        """Pass messages on until one of the two ends the session."""
        waiting: asyncio.Queue[tuple[bytes, bytes] | None] = asyncio.Queue(_WAITING)
        tasks = [
            asyncio.create_task(one)
            for one in (self._read(waiting), self._forward(waiting), self._back())
        ]
        try:
            await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self.call is not None:
                self.call.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def cancel(self) -> None:
        """Cancel the question under way."""
        if self.call is not None:
            self.call.cancel()

    # --- from the client ---

    async def _read(self, waiting: asyncio.Queue[tuple[bytes, bytes] | None]) -> None:
        try:
            while True:
                kind, body = await read_message(self.client[0])
                if kind == b"X":
                    break
                await waiting.put((kind, body))
        except (asyncio.IncompleteReadError, ProtocolError, OSError):
            pass
        # Nobody waits for the answer any more.
        self.cancel()
        await waiting.put(None)

    async def _forward(self, waiting: asyncio.Queue[tuple[bytes, bytes] | None]) -> None:
        while (found := await waiting.get()) is not None:
            kind, body = found
            try:
                await self._sent(kind, body)
            except ProtocolError as error:
                self.client[1].write(notice(b"E", "FATAL", "08P01", error.what))
                return
            await self.server[1].drain()

    async def _sent(self, kind: bytes, body: bytes) -> None:
        if kind == b"Q":
            await self._query(body)
        elif kind == b"P":
            await self._parse(body)
        elif kind == b"B":
            await self._bind(body)
        elif kind == b"D":
            fields = Fields(body)
            if fields.take(1) == b"S":
                known = self._prepared.get(fields.text())
                self._expect(b"t", own=None if known is None else known.own)
            self._write(message(kind, body))
        elif kind == b"C":
            fields = Fields(body)
            if fields.take(1) == b"S":
                self._prepared.pop(fields.text(), None)
            self._expect(b"3")
            self._write(message(kind, body))
        elif kind == b"S":
            self._begin(b"Z")
            self._write(message(kind, body))
        elif kind in b"EHdcf" and kind:
            self._write(message(kind, body))
        else:
            raise ProtocolError("there is no such message, or it is not taken here")

    async def _query(self, body: bytes) -> None:
        given = Fields(body).text()
        found: list[str] = []
        try:
            source = given.decode(self._codec)
            statements = split_statements(source)
        except (UnicodeDecodeError, ValueError):
            found, statements = [_refused("22021", "the text is not in the client's encoding")], []
        except Exception as error:  # noqa: BLE001 - the client gets it
            found, statements = [_refusal(error, "")], []
        rewritten = bool(found)
        for one in statements:
            asked = await self._asked(one)
            found.append(one if asked is None else asked)
            rewritten = rewritten or asked is not None
        try:
            sent = self._encoded(";\n".join(found)) if rewritten else given
        except MetricsStoreError as error:
            sent = _refusal(error, "").encode("ascii", "replace")
        self._begin(b"Z")
        self._write(message(b"Q", text(sent)))

    async def _asked(self, one: str) -> str | None:
        """Give a statement with its rows, or what refuses it; none where it goes on as it is."""
        call = Call(INTERFACE)

        def ask() -> str | None:
            statement = self.statements.rewrite(one)
            if not statement.sources:
                return None
            with self._logged(call):
                rows, notices = self.statements.arrays(
                    statement, call, lambda parts: self.constants.evaluate(parts, Parameters())
                )
            self._notify(notices)
            return inlined(statement, rows)

        try:
            return await self._worked(call, ask)  # type: ignore[return-value]
        except Exception as error:  # noqa: BLE001 - the client gets it
            return _refusal(error, call.request_id)

    async def _parse(self, body: bytes) -> None:
        fields = Fields(body)
        name, given = fields.text(), fields.text()
        types = tuple(fields.numbers())
        self._prepared.pop(name, None)
        call = Call(INTERFACE)

        def prepare() -> Prepared | None:
            source = given.decode(self._codec)
            statements = split_statements(source)
            if len(statements) != 1:
                # PostgreSQL takes none, and refuses several.
                return None
            statement = self.statements.rewrite(statements[0])
            if not statement.sources:
                return None
            own = max(statement.parameters, len(types))
            numbers = iter(range(own + 1, 65_536))
            if statement.takes_parameters:
                written = statement.with_rows(
                    lambda source: [
                        placeholder(next(numbers), kind) for kind in source.types.values()
                    ]
                )
            else:
                nothing = [["{}"] * len(source.types) for source in statement.sources]
                written = inlined(statement, nothing)
            return Prepared(statement, written, own, types)

        try:
            found = await self._worked(call, prepare)
        except Exception as error:  # noqa: BLE001 - the client gets it
            self._refuse(error, call.request_id)
            return
        self._expect(b"1")
        if isinstance(found, Prepared):
            self._prepared[name] = found
            self._write(parse(name, found.sql.encode(self._codec), types))
        else:
            self._write(message(b"P", body))

    async def _bind(self, body: bytes) -> None:
        fields = Fields(body)
        portal, name = fields.text(), fields.text()
        known = self._prepared.get(name)
        if known is None:
            self._expect(b"2")
            self._write(message(b"B", body))
            return
        formats, given = fields.shorts(), fields.values()
        if len(formats) < 2:  # noqa: PLR2004 - one for all of them
            formats = [*(formats or [0])] * len(given)
        call = Call(INTERFACE)
        if len(given) != known.own or len(formats) != len(given):
            # PostgreSQL says so of what it is sent.
            self._expect(b"2")
            self._write(message(b"B", body))
            return

        def ask() -> list[bytes]:
            def evaluate(parts: Sequence[str]) -> list[object]:
                if known.types is None:
                    known.types = self.constants.types(known.sql, known.said)[: known.own]
                values = [self._in_utf8(*one) for one in zip(given, formats, strict=True)]
                return self.constants.evaluate(parts, Parameters(values, formats, known.types))

            with self._logged(call):
                rows, notices = self.statements.arrays(known.statement, call, evaluate)
            self._notify(notices)
            if not known.statement.takes_parameters:
                return [self._encoded(inlined(known.statement, rows))]
            return [self._encoded(array) for columns in rows for array in columns]

        try:
            arrays = await self._worked(call, ask)
        except Exception as error:  # noqa: BLE001 - the client gets it
            self._refuse(error, call.request_id)
            return
        assert isinstance(arrays, list)  # noqa: S101 - for the type checker
        if not known.statement.takes_parameters:
            # It is prepared anew, with its rows in its text.
            self._expect(b"3", is_hidden=True)
            self._expect(b"1", is_hidden=True)
            self._write(message(b"C", b"S", text(name)) + parse(name, arrays.pop()))
        self._expect(b"2")
        self._write(
            message(
                b"B",
                text(portal),
                text(name),
                int16(len(formats) + len(arrays), *formats, *[0] * len(arrays)),
                values([*given, *arrays]),
                fields.rest,
            )
        )

    def _encoded(self, written: str) -> bytes:
        """Write what has rows in the encoding of the client.

        Raises:
            MetricsStoreError: It has a character that the encoding does not have.
        """
        try:
            return written.encode(self._codec)
        except UnicodeEncodeError:
            raise inexpressible(
                "the rows have a character that the client's encoding does not have",
                remedy="SET client_encoding = 'UTF8'",
            ) from None

    def _in_utf8(self, value: bytes | None, is_binary: int) -> bytes | None:
        if value is None or is_binary or self._codec == "utf-8":
            return value
        return value.decode(self._codec).encode()

    async def _worked(self, call: Call, work: Callable[[], object]) -> object:
        self.call = call
        try:
            return await self.work(call, work)
        finally:
            self.call = None

    @contextlib.contextmanager
    def _logged(self, call: Call) -> Iterator[None]:
        with logged_request(INTERFACE, call) as record:
            record.principal = self.statements.principal.name
            yield

    def _notify(self, notices: Sequence[str]) -> None:
        """Send notices, from a thread that asks."""
        for one in notices:
            written = notice(b"N", "WARNING", "01000", one)
            self._loop.call_soon_threadsafe(self.client[1].write, written)

    def _refuse(self, error: Exception, request_id: str) -> None:
        """Let PostgreSQL raise an error of ours, so that it comes in its turn."""
        statement = _refusal(error, request_id)
        for kind in (b"3", b"1", b"2"):
            self._expect(kind, is_hidden=True)
        named = text(_REFUSAL)
        self._write(
            message(b"C", b"S", named)
            + parse(_REFUSAL.encode(), statement.encode(self._codec, "replace"))
            + message(b"B", named, named, int16(0, 0, 0))
            + message(b"E", named, b"\0\0\0\0")
        )

    # --- from PostgreSQL ---

    async def _back(self) -> None:
        reader, writer = self.server[0], self.client[1]
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, body = await read_message(reader, 2**30)
                shown = self._returned(kind, body)
                if shown is not None:
                    writer.write(shown)
                    await writer.drain()

    def _returned(self, kind: bytes, body: bytes) -> bytes | None:
        if kind == b"E":
            return message(kind, without_context(body))
        if kind == b"S":
            self._parameter(body)
        elif kind == b"Z":
            while self._expected and self._expected.popleft().kind != b"Z":
                pass
            self.busy_since = time.monotonic() if self._expected else None
        elif kind in (b"1", b"2", b"3", b"t"):
            expected = self._expected.popleft() if self._expected else _Expected(kind)
            if expected.is_hidden:
                return None
            if expected.own is not None:
                body = int16(expected.own) + body[2 : 2 + 4 * expected.own]
        return message(kind, body)

    def _parameter(self, body: bytes) -> None:
        fields = Fields(body)
        if fields.text() == b"client_encoding":
            said = fields.text().decode().lower()
            self._codec = _CODECS.get(said, "ascii")

    # --- to PostgreSQL ---

    def _write(self, sent: bytes) -> None:
        self.server[1].write(sent)

    def _expect(self, kind: bytes, *, is_hidden: bool = False, own: int | None = None) -> None:
        self._expected.append(_Expected(kind, is_hidden, own))

    def _begin(self, kind: bytes) -> None:
        self._expect(kind)
        if self.busy_since is None:
            self.busy_since = time.monotonic()


def _refusal(error: Exception, request_id: str) -> str:
    what, remedy = words_of(error, request_id)
    return _refused(sql_state(error), what, remedy)


def _refused(state: str, what: str, remedy: str = "") -> str:
    # Read the same under every setting.
    quoted = ", ".join(_quoted(one) for one in (state, what, remedy))
    return f"SELECT pg_catalog.{REFUSE}({quoted})"


def _quoted(value: str) -> str:
    return "E'" + value.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'"
