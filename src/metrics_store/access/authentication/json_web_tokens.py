"""Verifies JSON Web Tokens of an issuer and reads the principal from their claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt

from metrics_store.access.principal import Principal
from metrics_store.errors import NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.access.authentication.signing_keys import SigningKeys

# What is wrong with a token, in our words: the library's may repeat what the token says.
_WRONG: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "the token has expired"),
    (jwt.ImmatureSignatureError, "the token is not valid yet"),
    (jwt.InvalidAudienceError, "the token is for another audience"),
    (jwt.InvalidIssuerError, "the token is from another issuer"),
    (jwt.MissingRequiredClaimError, "the token lacks a claim that is required"),
    (jwt.InvalidSignatureError, "the token's signature does not hold"),
)
_NOT_READ = "the token cannot be read"
_LONGEST_NAME = 256


@dataclass(frozen=True)
class JsonWebTokens:
    """Reads the tokens of one issuer.

    Attributes:
        keys: What they are signed with; each key holds for one algorithm.
        audience: Whom they must be for.
        issuer: Who must have issued them.
        leeway: Seconds by which clocks may differ.
        name_claim: The claim that names the caller.
        groups_claim: The claim with their groups.
        attribute_claims: Attribute -> the claim that it is taken from.
    """

    keys: SigningKeys
    audience: str
    issuer: str | None = None
    leeway: float = 30.0
    name_claim: str = "sub"
    groups_claim: str = "groups"
    attribute_claims: Mapping[str, str] = field(default_factory=dict)

    def principal(self, token: str) -> Principal:
        """Say whom a token speaks of.

        Raises:
            NotAuthenticatedError: It is forged, expired, for somebody else or says nothing of use.
        """
        claims = self._claims(token)
        name = claims.get(self.name_claim)
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
            raise NotAuthenticatedError(
                "the token does not name its owner", expected=f"a claim {self.name_claim}"
            )
        attributes = {
            attribute: self._texts(claims, claim)
            for attribute, claim in self.attribute_claims.items()
            if claim in claims
        }
        groups = frozenset(self._texts(claims, self.groups_claim))
        return Principal(name, groups, attributes)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            # The key says which algorithm it is for; what the token says only picks the key.
            key = self.keys.find(header.get("alg"), header.get("kid"))
            return jwt.decode(
                token,
                key.material,
                algorithms=[key.algorithm],
                audience=self.audience,
                issuer=self.issuer,
                leeway=self.leeway,
                options={"require": ["exp", "aud", *(["iss"] if self.issuer else [])]},
            )
        except jwt.PyJWTError as error:
            for kind, what in _WRONG:
                if isinstance(error, kind):
                    raise NotAuthenticatedError(what) from None
            raise NotAuthenticatedError(_NOT_READ) from None
        except (ValueError, RecursionError, TypeError):
            raise NotAuthenticatedError(_NOT_READ) from None

    @staticmethod
    def _texts(claims: Mapping[str, Any], claim: str) -> tuple[str, ...]:
        value = claims.get(claim, ())
        values: Sequence[object] = [value] if isinstance(value, str | int) else value
        if not isinstance(values, list | tuple) or not all(
            isinstance(one, str | int) and not isinstance(one, bool) for one in values
        ):
            raise NotAuthenticatedError(
                "the token has a claim of another form",
                where=claim,
                expected="a text or a list of texts",
            )
        return tuple(str(one) for one in values)
