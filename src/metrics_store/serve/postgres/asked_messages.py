"""Messages with statements, as PostgreSQL gets them: with the rows of the metrics in them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.statements import split_statements
from metrics_store.serve.monitoring.request_log import logged_request
from metrics_store.serve.postgres.constant_values import Parameters
from metrics_store.serve.postgres.metric_statements import inlined, placeholder
from metrics_store.serve.postgres.protocol.message_formats import (
    Fields,
    int16,
    message,
    parse,
    text,
    values,
)
from metrics_store.serve.postgres.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from metrics_store.query.selects.rewritten_statement import RewrittenStatement
    from metrics_store.serve.postgres.constant_values import ConstantValues
    from metrics_store.serve.postgres.metric_statements import MetricStatements

INTERFACE = "postgres"


class EncodingError(MetricsStoreError):
    """A text is in another encoding than its client said."""

    code = "encoding"


_MOST_PARAMETERS = 65_536


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
    sql: bytes
    own: int
    said: tuple[int, ...]
    types: tuple[int, ...] | None = None


@dataclass(frozen=True)
class PreparedAnew:
    """A Bind of a statement that takes no parameters, and so is prepared anew with its rows.

    Attributes:
        name: The name of the statement.
        sql: Its text.
        bind: The Bind.
    """

    name: bytes
    sql: bytes
    bind: bytes

    @property
    def messages(self) -> bytes:
        """The messages that come before the Bind: Close and Parse."""
        return message(b"C", b"S", text(self.name)) + parse(self.name, self.sql)


@dataclass
class AskedMessages:
    """The statements in the messages of one session.

    Attributes:
        statements: The statements of the session.
        constants: Works out what has no columns.
        work: Runs what blocks in a thread, for a call.
        notify: Sends notices to the client, from any thread.
        call: The question under way.
        codec: What the client's texts are written in.
        prepared: The prepared statements over metrics, by their names.
    """

    statements: MetricStatements
    constants: ConstantValues
    work: Callable[[Call, Callable[[], object]], Awaitable[object]]
    notify: Callable[[Sequence[str]], None]
    call: Call | None = None
    codec: str = "utf-8"
    prepared: dict[bytes, Prepared] = field(default_factory=dict)

    def cancel(self) -> None:
        """Cancel the question under way."""
        if self.call is not None:
            self.call.cancel()

    async def query(self, body: bytes) -> bytes:
        """Give a query message with rows; what is refused in it raises."""
        given = Fields(body).text()
        found: list[str] = []
        try:
            statements = split_statements(self._decoded(given))
        except Exception as error:  # noqa: BLE001 - the client gets it
            found, statements = [Refusal(error).sql], []
        rewritten = bool(found)
        for one in statements:
            asked = await self._with_rows(one)
            found.append(one if asked is None else asked)
            rewritten = rewritten or asked is not None
        try:
            sent = self._encoded(";\n".join(found)) if rewritten else given
        except Exception as error:  # noqa: BLE001 - the client gets it
            sent = Refusal(error).sql.encode("ascii", "replace")
        return message(b"Q", text(sent))

    async def _with_rows(self, one: str) -> str | None:
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
            self.notify(notices)
            return inlined(statement, rows)

        try:
            return await self._worked(call, ask)  # type: ignore[return-value]
        except Exception as error:  # noqa: BLE001 - the client gets it
            return Refusal(error, call.request_id).sql

    async def parse(self, body: bytes) -> bytes | Refusal:
        """Give a Parse with a parameter for each array of rows."""
        fields = Fields(body)
        name, given = fields.text(), fields.text()
        types = tuple(fields.numbers())
        self.prepared.pop(name, None)
        call = Call(INTERFACE)

        def prepare() -> Prepared | None:
            statements = split_statements(self._decoded(given))
            if len(statements) != 1:
                # PostgreSQL takes none, and refuses several.
                return None
            statement = self.statements.rewrite(statements[0])
            if not statement.sources:
                return None
            own = max(statement.parameters, len(types))
            numbers = iter(range(own + 1, _MOST_PARAMETERS))
            if statement.takes_parameters:
                written = statement.with_rows(
                    lambda source: [
                        placeholder(next(numbers), kind) for kind in source.types.values()
                    ]
                )
            else:
                nothing = [["{}"] * len(source.types) for source in statement.sources]
                written = inlined(statement, nothing)
            return Prepared(statement, self._encoded(written), own, types)

        try:
            found = await self._worked(call, prepare)
        except Exception as error:  # noqa: BLE001 - the client gets it
            return Refusal(error, call.request_id)
        if not isinstance(found, Prepared):
            return message(b"P", body)
        self.prepared[name] = found
        return parse(name, found.sql, types)

    async def bind(self, body: bytes) -> bytes | PreparedAnew | Refusal:
        """Give a Bind with the arrays of rows, which are asked for now."""
        fields = Fields(body)
        portal, name = fields.text(), fields.text()
        known = self.prepared.get(name)
        if known is None:
            return message(b"B", body)
        formats, given = fields.shorts(), fields.values()
        if len(formats) < 2:  # noqa: PLR2004 - one for all of them
            formats = [*(formats or [0])] * len(given)
        if len(given) != known.own or len(formats) != len(given):
            # PostgreSQL says so of what it is sent.
            return message(b"B", body)
        call = Call(INTERFACE)

        def ask() -> list[bytes]:
            def evaluate(parts: Sequence[str]) -> list[object]:
                if known.types is None:
                    known.types = self.constants.types(
                        self._in_utf8(known.sql, 0) or b"", known.said
                    )[: known.own]
                values = [self._in_utf8(*one) for one in zip(given, formats, strict=True)]
                return self.constants.evaluate(parts, Parameters(values, formats, known.types))

            with self._logged(call):
                rows, notices = self.statements.arrays(known.statement, call, evaluate)
            self.notify(notices)
            if not known.statement.takes_parameters:
                return [self._encoded(inlined(known.statement, rows))]
            return [self._encoded(array) for columns in rows for array in columns]

        try:
            arrays = await self._worked(call, ask)
        except Exception as error:  # noqa: BLE001 - the client gets it
            return Refusal(error, call.request_id)
        assert isinstance(arrays, list)  # noqa: S101 - for the type checker
        anew = None if known.statement.takes_parameters else arrays.pop()
        bind = message(
            b"B",
            text(portal),
            text(name),
            int16(len(formats) + len(arrays), *formats, *[0] * len(arrays)),
            values([*given, *arrays]),
            fields.rest,
        )
        return bind if anew is None else PreparedAnew(name, anew, bind)

    def _decoded(self, given: bytes) -> str:
        """Read what a client wrote.

        Raises:
            EncodingError: It is in another encoding than it should be.
        """
        try:
            return given.decode(self.codec)
        except ValueError:
            raise EncodingError(
                "the text is not in the client's encoding", remedy="SET client_encoding"
            ) from None

    def _encoded(self, written: str) -> bytes:
        """Write what has rows in the encoding of the client.

        Raises:
            MetricsStoreError: It has a character that the encoding does not have.
        """
        try:
            return written.encode(self.codec)
        except UnicodeEncodeError:
            raise inexpressible(
                "the rows have a character that the client's encoding does not have",
                remedy="SET client_encoding = 'UTF8'",
            ) from None

    def _in_utf8(self, value: bytes | None, is_binary: int) -> bytes | None:
        if value is None or is_binary or self.codec == "utf-8":
            return value
        return value.decode(self.codec).encode()

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
