"""How a connection begins: encryption, the parameters of the session, or a request to cancel."""

from __future__ import annotations

import shlex
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.serve.postgres.protocol.message_formats import (
    Fields,
    ProtocolError,
    int32,
    message,
    text,
)

if TYPE_CHECKING:
    import asyncio
    import ssl

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_VERSION = 3
_LONGEST = 10_000
# Other settings are what the server says, or nobody's to choose.
_KEPT = {
    "application_name", "client_encoding", "datestyle", "extra_float_digits", "intervalstyle",
    "search_path", "timezone", "bytea_output",
}  # fmt: skip


@dataclass(frozen=True)
class Cancellation:
    """A request to cancel what a session does.

    Attributes:
        process: The number of the session.
        secret: What only its client knows.
    """

    process: int
    secret: bytes


@dataclass(frozen=True)
class Beginning:
    """A session that begins.

    Attributes:
        user: Who its client says to be.
        database: The database that it asks for.
        settings: Its settings.
        is_encrypted: Whether nobody on the way can read it.
    """

    user: str
    database: str
    settings: dict[str, str]
    is_encrypted: bool


async def begin(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext | None
) -> Beginning | Cancellation:
    """Read how a connection begins, and encrypt it where that is asked for.

    Raises:
        ProtocolError: It does not begin as PostgreSQL's do.
    """
    is_encrypted = False
    for _ in range(4):
        length = struct.unpack("!i", await reader.readexactly(4))[0] - 4
        if not 4 <= length <= _LONGEST:  # noqa: PLR2004 - its code alone
            raise ProtocolError("a connection does not begin as PostgreSQL's do")
        fields = Fields(await reader.readexactly(length))
        code = fields.int32()
        if code == _CANCEL:
            return Cancellation(fields.int32(), fields.rest)
        if code == _SSL and context is not None and not is_encrypted:
            # What came before the encryption might be somebody else's.
            if reader._buffer:  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio does not tell
                raise ProtocolError("something was sent before the encryption")
            writer.write(b"S")
            await writer.drain()
            await writer.start_tls(context)
            is_encrypted = True
        elif code in (_SSL, _GSS):
            writer.write(b"N")
            await writer.drain()
        elif code >> 16 == _VERSION:
            return _session(fields, writer, code & 0xFFFF, is_encrypted=is_encrypted)
        else:
            raise ProtocolError("the protocol's version is not 3")
    raise ProtocolError("a connection does not begin as PostgreSQL's do")


def _session(
    fields: Fields, writer: asyncio.StreamWriter, minor: int, *, is_encrypted: bool
) -> Beginning:
    parameters: dict[str, str] = {}
    while fields.rest not in (b"", b"\0"):
        name = fields.text().decode(errors="replace")
        parameters[name] = fields.text().decode(errors="replace")
    unknown = [name for name in parameters if name.startswith("_pq_.")]
    if minor or unknown:
        names = b"".join(map(text, unknown))
        writer.write(message(b"v", int32(_VERSION << 16, len(unknown)), names))
    if not parameters.get("user"):
        raise ProtocolError("no user is said")
    if parameters.get("replication", "false") not in ("false", "off", "no", "0"):
        raise ProtocolError("there is no replication here")
    settings = {**_options(parameters.get("options", "")), **parameters}
    kept = {name: value for name, value in settings.items() if name.lower() in _KEPT}
    database = parameters.get("database", parameters["user"])
    return Beginning(parameters["user"], database, kept, is_encrypted)


def _options(given: str) -> dict[str, str]:
    """Read `-c name=value` and `--name=value`."""
    try:
        words = shlex.split(given)
    except ValueError:
        raise ProtocolError("the options cannot be read") from None
    found: dict[str, str] = {}
    for number, word in enumerate(words):
        said = word[2:] if word.startswith(("-c", "--")) else ""
        said = said or (words[number + 1] if word == "-c" and number + 1 < len(words) else "")
        name, equals, value = said.partition("=")
        if equals:
            found[name.strip().replace("-", "_")] = value
    return found
