"""Opaque tokens, stored as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.access.principal import Principal

# 256 random bits: nothing that a fast hash would make guessable.
_BYTES = 32
_PREFIX = "ms_"
HASH = re.compile(r"[0-9a-f]{64}")


def fresh_token() -> str:
    """Make a token that nobody can guess."""
    return _PREFIX + secrets.token_urlsafe(_BYTES)


def hash_token(token: str) -> str:
    """Give the SHA-256 of a token, as 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class KnownTokens:
    """The owners of tokens, by the hashes of the tokens."""

    def __init__(self, by_hash: Mapping[str, Principal]) -> None:
        self._by_hash = dict(by_hash)

    def __len__(self) -> int:
        """Say how many tokens there are."""
        return len(self._by_hash)

    def owner(self, token: str) -> Principal | None:
        """Give the owner of a token, in constant time for unknown ones."""
        given = hash_token(token)
        found = None
        for known, principal in self._by_hash.items():
            if hmac.compare_digest(known, given):
                found = principal
        return found
