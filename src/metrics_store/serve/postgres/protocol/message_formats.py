"""The messages of PostgreSQL's protocol, as far as they are read or written here."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

_HEADER = 5
# Longer than what any statement with its values may be; PostgreSQL itself takes a gigabyte.
LONGEST = 64 * 1024 * 1024


class ProtocolError(MetricsStoreError):
    """What came is not PostgreSQL's protocol."""

    code = "protocol"


async def read_message(reader: asyncio.StreamReader, longest: int = LONGEST) -> tuple[bytes, bytes]:
    """Read a message: its kind, and its body.

    Raises:
        ProtocolError: It is too long, or no message.
        asyncio.IncompleteReadError: There is none any more.
    """
    header = await reader.readexactly(_HEADER)
    length = struct.unpack("!i", header[1:])[0] - 4
    if not 0 <= length <= longest:
        raise ProtocolError("a message has a length that none can have")
    return header[:1], await reader.readexactly(length) if length else b""


def message(kind: bytes, *parts: bytes) -> bytes:
    """Write a message."""
    body = b"".join(parts)
    return kind + struct.pack("!i", len(body) + 4) + body


def text(value: str | bytes) -> bytes:
    """Write a text."""
    return (value.encode() if isinstance(value, str) else value) + b"\0"


def int16(*values: int) -> bytes:
    """Write short numbers."""
    return struct.pack(f"!{len(values)}H", *values)


def int32(*values: int) -> bytes:
    """Write numbers."""
    return struct.pack(f"!{len(values)}i", *values)


class Fields:
    """Reads the fields of a message, one after another.

    Args:
        body: The body of the message.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def text(self) -> bytes:
        """Read a text.

        Raises:
            ProtocolError: There is none.
        """
        end = self._body.find(b"\0", self._at)
        if end < 0:
            raise ProtocolError("a message ends too early")
        found = self._body[self._at : end]
        self._at = end + 1
        return found

    def take(self, length: int) -> bytes:
        """Read so many bytes.

        Raises:
            ProtocolError: There are not so many.
        """
        if length < 0 or self._at + length > len(self._body):
            raise ProtocolError("a message ends too early")
        found = self._body[self._at : self._at + length]
        self._at += length
        return found

    def int16(self) -> int:
        """Read a short number."""
        return int(struct.unpack("!h", self.take(2))[0])

    def int32(self) -> int:
        """Read a number."""
        return int(struct.unpack("!i", self.take(4))[0])

    def shorts(self) -> list[int]:
        """Read a list of short numbers."""
        return [self.int16() for _ in range(self._count())]

    def numbers(self) -> list[int]:
        """Read a list of numbers."""
        return [self.int32() for _ in range(self._count())]

    def values(self) -> list[bytes | None]:
        """Read a list of values, each of which may be missing."""
        found: list[bytes | None] = []
        for _ in range(self._count()):
            length = self.int32()
            found.append(None if length == -1 else self.take(length))
        return found

    def _count(self) -> int:
        return self.int16() & 0xFFFF

    @property
    def rest(self) -> bytes:
        """What is left."""
        return self._body[self._at :]


def values(given: Sequence[bytes | None]) -> bytes:
    """Write a list of values."""
    written = [int32(-1) if one is None else int32(len(one)) + one for one in given]
    return struct.pack("!H", len(given)) + b"".join(written)


def parse(name: bytes, sql: bytes, types: Sequence[int] = ()) -> bytes:
    """Write a Parse."""
    numbers = struct.pack(f"!{len(types)}I", *(one & 0xFFFFFFFF for one in types))
    return message(b"P", text(name), text(sql), int16(len(types)), numbers)


def notice(kind: bytes, severity: str, state: str, what: str, hint: str = "") -> bytes:
    """Write an error (`E`) or a notice (`N`)."""
    fields = {b"S": severity, b"V": severity, b"C": state, b"M": what}
    if hint:
        fields[b"H"] = hint
    return message(kind, *(name + text(value) for name, value in fields.items()), b"\0")


def without_context(body: bytes) -> bytes:
    """Give an error without the place in our own function that raised it."""
    if b"WPL/pgSQL function metrics_refuse" not in body and b"metrics_rows_" not in body:
        return body
    kept = [
        one + b"\0"
        for one in body.rstrip(b"\0").split(b"\0")
        if one and one[:1] not in (b"W", b"F", b"L", b"R")
    ]
    return b"".join(kept) + b"\0"


def startup(parameters: Mapping[str, str]) -> bytes:
    """Write the message that a connection begins with."""
    body = int32(196608) + b"".join(text(name) + text(value) for name, value in parameters.items())
    return int32(len(body) + 5) + body + b"\0"
