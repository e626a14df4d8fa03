"""Who connects: a name and a token, a JSON Web Token, or the proof of SCRAM."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.access.authentication.scram import MECHANISM, ScramExchange, ScramVerifier
from metrics_store.errors import MetricsStoreError, NotAuthenticatedError
from metrics_store.serve.postgres.protocol.message_formats import (
    Fields,
    ProtocolError,
    int32,
    message,
    read_message,
    text,
)

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from metrics_store.access.authentication.authenticator import Authenticator
    from metrics_store.access.principal import Principal

_OK, _CLEARTEXT, _SASL, _SASL_CONTINUE, _SASL_FINAL = 0, 3, 10, 11, 12
_LONGEST = 65_536


@dataclass(frozen=True)
class Logins:
    """Authenticates who connects.

    Attributes:
        authenticator: Knows tokens.
        verifiers: The name of a token's owner -> its SCRAM verifier, and the owner.
    """

    authenticator: Authenticator
    verifiers: Mapping[str, tuple[ScramVerifier, Principal]] = field(default_factory=dict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    async def principal(
        self,
        name: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_encrypted: bool,
    ) -> Principal:
        """Ask a client who it is.

        Raises:
            NotAuthenticatedError: Nobody known.
            ProtocolError: What it says is no login.
        """
        if self.authenticator.knows_everybody:
            found = self.authenticator.principal(None)
        elif is_encrypted and name not in self.verifiers:
            writer.write(message(b"R", int32(_CLEARTEXT)))
            password = Fields(await _answer(reader)).text()
            found = self._owner(name, password.decode(errors="replace"))
        else:
            found = await self._proved(name, reader, writer, is_encrypted=is_encrypted)
        writer.write(message(b"R", int32(_OK)))
        return found

    def _owner(self, name: str, password: str) -> Principal:
        try:
            found = self.authenticator.principal(f"Bearer {password}")
        except MetricsStoreError:
            raise NotAuthenticatedError("the name or the token is not right") from None
        if found.name != name:
            raise NotAuthenticatedError("the name or the token is not right")
        return found

    async def _proved(
        self,
        name: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_encrypted: bool,
    ) -> Principal:
        known = self.verifiers.get(name)
        # Nobody learns from outside which names there are.
        verifier = known[0] if known else ScramVerifier.of_nobody(name, self._secret)
        exchange = ScramExchange(verifier)
        writer.write(message(b"R", int32(_SASL), text(MECHANISM), b"\0"))
        fields = Fields(await _answer(reader))
        if fields.text() != MECHANISM.encode():
            raise NotAuthenticatedError("the login is not understood", expected=MECHANISM)
        first = fields.take(max(0, fields.int32()))
        writer.write(message(b"R", int32(_SASL_CONTINUE), exchange.answer(first)))
        try:
            proof = exchange.verify(await _answer(reader))
        except NotAuthenticatedError:
            known = None
        if known is None:
            raise NotAuthenticatedError(
                "the name or the token is not right",
                remedy=""
                if is_encrypted
                else "without TLS a token needs a SCRAM verifier in the server's configuration, "
                "which `metrics token` prints; with sslmode=require it needs none",
            )
        writer.write(message(b"R", int32(_SASL_FINAL), proof))
        return known[1]


async def _answer(reader: asyncio.StreamReader) -> bytes:
    kind, body = await read_message(reader, _LONGEST)
    if kind != b"p":
        raise ProtocolError("a login is expected")
    return body
