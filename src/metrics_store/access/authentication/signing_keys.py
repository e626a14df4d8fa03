"""The keys that verify JSON Web Tokens; each is bound to one algorithm."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from metrics_store.errors import MetricsStoreError, NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHARED = "HS256"
PUBLIC = "RS256"
# RFC 7518: a key for HS256 has at least as many bits as its hash; RS256 at least 2048.
SHORTEST_SECRET = 32
_SHORTEST_MODULUS = 2048


@dataclass(frozen=True)
class SigningKey:
    """One key.

    Attributes:
        algorithm: `HS256` for a shared secret, `RS256` for a public key.
        material: The secret's bytes, or the public key.
        key_id: What tokens call it by (`kid`); none for the only key of its kind.
    """

    algorithm: str
    material: Any
    key_id: str | None = None


class SigningKeys:
    """The keys of one issuer: some that are given, and some in a JWKS file.

    The file is read again when it has changed, so that keys are rolled without a restart.
    """

    def __init__(self, given: Sequence[SigningKey] = (), key_set: Path | None = None) -> None:
        self._given = tuple(given)
        self._path = key_set
        self._lock = threading.Lock()
        self._read_at: tuple[int, int] | None = None
        self._from_file: tuple[SigningKey, ...] = ()
        self._refresh()

    def find(self, algorithm: object, key_id: object) -> SigningKey:
        """Give the key that a token says it is signed with.

        Raises:
            NotAuthenticatedError: There is none for its algorithm, or none of its name.
        """
        self._refresh_if_changed()
        fitting = [
            key for key in (*self._given, *self._from_file) if key.algorithm == str(algorithm)
        ]
        if not fitting:
            raise NotAuthenticatedError("the token is signed in a way that is not accepted")
        if key_id is not None:
            named = [key for key in fitting if key.key_id == key_id]
            # A key that was given without a name stands for any; keys of a JWKS file do not.
            fitting = named or [key for key in fitting if key.key_id is None]
        if len(fitting) != 1:
            raise NotAuthenticatedError("the token is signed with a key that is not known")
        return fitting[0]

    def _refresh_if_changed(self) -> None:
        with self._lock:
            try:
                self._refresh()
            except (MetricsStoreError, OSError):
                # Half written or gone: the keys that were read last still hold.
                return

    def _refresh(self) -> None:
        if self._path is None:
            return
        status = self._path.stat()
        version = (status.st_mtime_ns, status.st_size)
        if version != self._read_at:
            self._from_file = read_key_set(self._path)
            self._read_at = version


def read_key_set(path: Path) -> tuple[SigningKey, ...]:
    """Read the public keys of a JWKS file.

    Raises:
        MetricsStoreError: It is no JWKS file, or holds no RSA key with a `kid`.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["keys"]
        keys = [_public_key(entry) for entry in entries]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise MetricsStoreError(
            "the JWKS file cannot be read", where=str(path), expected='{"keys": [...]}'
        ) from error
    found = tuple(key for key in keys if key is not None)
    if not found or len({key.key_id for key in found}) != len(found):
        raise MetricsStoreError(
            "the JWKS file has no usable keys",
            where=str(path),
            expected="RSA keys for RS256, each with a `kid` of its own",
        )
    return found


def _public_key(entry: dict[str, Any]) -> SigningKey | None:
    # A shared secret in a file of public keys opens the way to algorithm confusion.
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig" or "kid" not in entry:
        return None
    if entry.get("alg", PUBLIC) != PUBLIC:
        return None
    return public_key(jwt.PyJWK(entry, PUBLIC).key, str(entry["kid"]))


def public_key(key: Any, key_id: str | None = None) -> SigningKey:  # noqa: ANN401 - cryptography's
    """Take an RSA public key for RS256.

    Raises:
        MetricsStoreError: It is another kind of key, a private one, or too short.
    """
    if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_MODULUS:
        raise MetricsStoreError(
            "a key for RS256 is not right", expected="an RSA public key of at least 2048 bits"
        )
    return SigningKey(PUBLIC, key, key_id)
