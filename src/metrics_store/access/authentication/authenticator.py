"""Finds the principal of an `Authorization` header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from metrics_store.access.authentication.known_tokens import KnownTokens, hash_token
from metrics_store.errors import NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.access.principal import Principal

_SCHEME = "bearer "
# Longer than any token; nothing longer is looked at.
_LONGEST = 16_384


class SignedTokens(Protocol):
    """Verifies tokens that another party has signed, such as JSON Web Tokens."""

    def principal(self, token: str) -> Principal:
        """Give the principal of a valid token; NotAuthenticatedError where it is not valid."""


class Authenticator:
    """Authenticates callers by their bearer tokens.

    Args:
        tokens: Token -> who it was given to; only hashes of them are kept.
        hashed: SHA-256 of a token -> who it was given to.
        signed: Reads JSON Web Tokens.
        everybody: Who everybody is; only where nothing but this machine can reach the server.
    """

    def __init__(
        self,
        tokens: Mapping[str, Principal] | None = None,
        *,
        hashed: Mapping[str, Principal] | None = None,
        signed: SignedTokens | None = None,
        everybody: Principal | None = None,
    ) -> None:
        given = {hash_token(token): principal for token, principal in (tokens or {}).items()}
        self._known = KnownTokens({**given, **(hashed or {})})
        self._signed = signed
        self._everybody = everybody

    @property
    def knows_everybody(self) -> bool:
        """Whether callers need no token."""
        return self._everybody is not None

    def principal(self, authorization: str | None) -> Principal:
        """Give the principal of an `Authorization` header.

        Raises:
            NotAuthenticatedError: Nobody known.
        """
        if self._everybody is not None:
            return self._everybody
        if not authorization:
            raise NotAuthenticatedError(
                "no token was shown", expected="a header `Authorization: Bearer TOKEN`"
            )
        token = authorization[len(_SCHEME) :].strip()
        if not authorization.lower().startswith(_SCHEME) or not 0 < len(token) <= _LONGEST:
            raise NotAuthenticatedError(
                "the token cannot be read", expected="a header `Authorization: Bearer TOKEN`"
            )
        found = self._known.owner(token)
        if found is not None:
            return found
        if self._signed is not None and token.count(".") == 2:  # noqa: PLR2004 - the three parts of a JWT
            return self._signed.principal(token)
        raise NotAuthenticatedError("the token is not known")
