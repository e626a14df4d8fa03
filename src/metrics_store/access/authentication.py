"""From what a caller shows to who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.access.principal import Principal

_SCHEME = "bearer "


@dataclass(frozen=True)
class Authenticator:
    """Knows callers by the tokens they show.

    Attributes:
        tokens: Token -> who it was given to.
    """

    tokens: Mapping[str, Principal]

    def principal(self, authorization: str | None) -> Principal:
        """Say who shows such an `Authorization` header.

        Raises:
            NotAuthenticatedError: Nobody known.
        """
        given = authorization or ""
        found = (
            self.tokens.get(given[len(_SCHEME) :]) if given.lower().startswith(_SCHEME) else None
        )
        if found is None:
            raise NotAuthenticatedError("the token is not known")
        return found
