"""The messages of one session on their way to PostgreSQL and back: only statements are changed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.serve.postgres.asked_messages import PreparedAnew
from metrics_store.serve.postgres.protocol.message_formats import (
    Fields,
    ProtocolError,
    int16,
    message,
    notice,
    read_message,
    without_context,
)
from metrics_store.serve.postgres.refusals import Refusal
from metrics_store.serve.postgres.waiting_messages import WaitingMessages

if TYPE_CHECKING:
    from metrics_store.serve.postgres.asked_messages import AskedMessages

_CODECS = {"utf8": "utf-8", "unicode": "utf-8", "latin1": "latin-1", "win1252": "cp1252"}
_LONGEST_ANSWER = 2**30


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
        asked: Gives messages with statements the rows of metrics.
        busy_since: Since when PostgreSQL works, in seconds of the monotonic clock; none while it
            does not.
    """

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    asked: AskedMessages
    busy_since: float | None = None
    _expected: deque[_Expected] = field(default_factory=deque)

    async def run(self) -> None:
        """Pass messages on until one of the two ends the session."""
        waiting = WaitingMessages()
        tasks = [
            asyncio.create_task(one)
            for one in (self._read(waiting), self._forward(waiting), self._back())
        ]
        try:
            await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.asked.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # --- from the client ---

    async def _read(self, waiting: WaitingMessages) -> None:
        try:
            while True:
                kind, body = await read_message(self.client[0])
                if kind == b"X":
                    break
                await waiting.put((kind, body))
        except (asyncio.IncompleteReadError, ProtocolError, OSError):
            pass
        # Nobody waits for the answer any more.
        self.asked.cancel()
        await waiting.put(None)

    async def _forward(self, waiting: WaitingMessages) -> None:
        while (found := await waiting.get()) is not None:
            try:
                await self._sent(*found)
            except ProtocolError as error:
                self.client[1].write(notice(b"E", "FATAL", "08P01", error.what))
                return
            await self.server[1].drain()

    async def _sent(self, kind: bytes, body: bytes) -> None:
        if kind == b"Q":
            self._write_and_expect(b"Z", await self.asked.query(body))
        elif kind == b"P":
            self._write_and_expect(b"1", await self.asked.parse(body))
        elif kind == b"B":
            self._write_and_expect(b"2", await self.asked.bind(body))
        elif kind == b"D":
            fields = Fields(body)
            if fields.take(1) == b"S":
                known = self.asked.prepared.get(fields.text())
                self._expected.append(_Expected(b"t", own=None if known is None else known.own))
            self._write(message(kind, body))
        elif kind == b"C":
            fields = Fields(body)
            if fields.take(1) == b"S":
                self.asked.prepared.pop(fields.text(), None)
            self._write_and_expect(b"3", message(kind, body))
        elif kind == b"S":
            self._write_and_expect(b"Z", message(kind, body))
        elif kind in b"EHdcf" and kind:
            self._write(message(kind, body))
        else:
            raise ProtocolError("there is no such message, or it is not taken here")

    # --- to PostgreSQL ---

    def _write(self, sent: bytes) -> None:
        if self.busy_since is None:
            self.busy_since = time.monotonic()
        self.server[1].write(sent)

    def _write_and_expect(self, kind: bytes, sent: bytes | PreparedAnew | Refusal) -> None:
        if isinstance(sent, Refusal):
            # The client asked for none of what answers them but the error.
            self._expected += [_Expected(one, is_hidden=True) for one in (b"3", b"1", b"2")]
            self._write(sent.messages(self.asked.codec))
            return
        if isinstance(sent, PreparedAnew):
            self._expected += [_Expected(one, is_hidden=True) for one in (b"3", b"1")]
            self._write(sent.messages)
            sent = sent.bind
        self._expected.append(_Expected(kind))
        self._write(sent)

    # --- from PostgreSQL ---

    async def _back(self) -> None:
        reader, writer = self.server[0], self.client[1]
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, body = await read_message(reader, _LONGEST_ANSWER)
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
        name, value = fields.text(), fields.text().decode()
        if name == b"client_encoding":
            self.asked.codec = _CODECS.get(value.lower(), "ascii")
        elif name == b"DateStyle":
            self.asked.constants.date_style = value
