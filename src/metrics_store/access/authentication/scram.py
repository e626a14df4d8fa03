"""SCRAM-SHA-256 (RFC 5802, RFC 7677): a password is proved without being sent."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Self

from metrics_store.errors import NotAuthenticatedError

MECHANISM = "SCRAM-SHA-256"
# As PostgreSQL writes it in pg_authid.
VERIFIER = re.compile(
    r"SCRAM-SHA-256\$(\d{1,7}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})"
)
_ITERATIONS = 4096
_SALT_BYTES = 16
_KEY_BYTES = 32
_WRONG = "the password is not right"


@dataclass(frozen=True)
class ScramVerifier:
    """What proves that somebody knows a password, and does not let it be found out.

    Attributes:
        iterations: How often the password is hashed.
        salt: What it is hashed with.
        stored_key: Verifies the client.
        server_key: Proves to the client that the server knows the verifier.
    """

    iterations: int
    salt: bytes
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of_password(cls, password: str, salt: bytes | None = None) -> Self:
        """Make the verifier of a password."""
        salt = salt or secrets.token_bytes(_SALT_BYTES)
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
        client_key = _sign(salted, b"Client Key")
        stored = hashlib.sha256(client_key).digest()
        return cls(_ITERATIONS, salt, stored, _sign(salted, b"Server Key"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a verifier.

        Raises:
            ValueError: It is none.
        """
        match = VERIFIER.fullmatch(text)
        if match is None:
            raise ValueError("no SCRAM verifier")
        salt, stored, server = (base64.b64decode(one, validate=True) for one in match.groups()[1:])
        return cls(int(match[1]), salt, stored, server)

    @classmethod
    def of_nobody(cls, name: str, secret: bytes) -> Self:
        """Make a verifier that no password has, the same each time for a name."""
        salt = _sign(secret, name.encode())[:_SALT_BYTES]
        return cls(_ITERATIONS, salt, secrets.token_bytes(_KEY_BYTES), bytes(_KEY_BYTES))

    def __str__(self) -> str:
        """Write the verifier."""
        salt, stored, server = (
            base64.b64encode(one).decode() for one in (self.salt, self.stored_key, self.server_key)
        )
        return f"{MECHANISM}${self.iterations}:{salt}${stored}:{server}"


class ScramExchange:
    """The server's side of one exchange.

    Args:
        verifier: The verifier of whom the client says to be.
    """

    def __init__(self, verifier: ScramVerifier) -> None:
        self._verifier = verifier
        self._nonce = secrets.token_urlsafe(18)
        self._said = ""
        self._header = ""

    def answer(self, first: bytes) -> bytes:
        """Answer the client's first message.

        Raises:
            NotAuthenticatedError: It is none.
        """
        text = _decoded(first)
        flag, comma, rest = text.partition(",")
        name, separator, bare = rest.partition(",")
        if flag not in ("n", "y") or not comma or not separator:
            raise NotAuthenticatedError("the login is not understood")
        fields = _fields(bare)
        if "r" not in fields or "m" in fields:
            raise NotAuthenticatedError("the login is not understood")
        self._header = f"{flag},{name},"
        self._nonce = fields["r"] + self._nonce
        salt = base64.b64encode(self._verifier.salt).decode()
        answer = f"r={self._nonce},s={salt},i={self._verifier.iterations}"
        self._said = f"{bare},{answer}"
        return answer.encode()

    def verify(self, final: bytes) -> bytes:
        """Verify the client's last message, and give the server's own proof.

        Raises:
            NotAuthenticatedError: The password is not the one of the verifier.
        """
        text = _decoded(final)
        unsigned, _, proof = text.rpartition(",p=")
        fields = _fields(unsigned)
        try:
            given = base64.b64decode(proof, validate=True)
            header = base64.b64decode(fields.get("c", ""), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise NotAuthenticatedError("the login is not understood") from None
        if header != self._header or fields.get("r") != self._nonce or len(given) != _KEY_BYTES:
            raise NotAuthenticatedError(_WRONG)
        message = f"{self._said},{unsigned}".encode()
        signature = _sign(self._verifier.stored_key, message)
        key = bytes(a ^ b for a, b in zip(given, signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(key).digest(), self._verifier.stored_key):
            raise NotAuthenticatedError(_WRONG)
        return b"v=" + base64.b64encode(_sign(self._verifier.server_key, message))


def _sign(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _decoded(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise NotAuthenticatedError("the login is not understood") from None


def _fields(text: str) -> dict[str, str]:
    return {part[:1]: part[2:] for part in text.split(",") if part[1:2] == "="}
