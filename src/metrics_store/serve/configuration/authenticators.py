"""Makes the authenticator of a configuration, reading the secrets that it points to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.authentication.json_web_tokens import JsonWebTokens
from metrics_store.access.authentication.known_tokens import hash_token
from metrics_store.access.authentication.scram import ScramVerifier
from metrics_store.access.authentication.signing_keys import (
    SHARED,
    SHORTEST_SECRET,
    SigningKey,
    SigningKeys,
    public_key,
)
from metrics_store.access.principal import LOCAL, Principal
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.serve.configuration.configuration import (
        Configuration,
        JsonWebTokenSettings,
        Secret,
        Token,
    )

_SHORTEST_TOKEN = 20


def read_secret(secret: Secret, use: str) -> str:
    """Give a secret; what it is for is said where it is missing, it itself never.

    Raises:
        MetricsStoreError: It is not there, or empty.
    """
    if secret.file is not None:
        place, value = str(secret.file), _content(secret.file, use).strip()
    else:
        place = f"environment variable {secret.env}"
        value = os.environ.get(str(secret.env), "").strip()
    if not value:
        raise MetricsStoreError(f"{use} is empty or not set", where=place)
    return value


def _content(path: Path, use: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise MetricsStoreError(f"{use} cannot be read", where=f"{path}: {reason}") from None


def authenticator(configuration: Configuration) -> Authenticator:
    """Make the authenticator of a server.

    Raises:
        MetricsStoreError: A secret or a key is missing or not right, or two owners share a token.
    """
    if not configuration.requires_authentication:
        return Authenticator(everybody=LOCAL)
    hashed: dict[str, Principal] = {}
    for token in configuration.tokens:
        digest = _hash(token)
        if digest in hashed:
            raise MetricsStoreError(
                "two owners have the same token", where=f"{hashed[digest].name} and {token.name}"
            )
        hashed[digest] = _owner(token)
    signed = None if configuration.jwt is None else _signed(configuration.jwt)
    return Authenticator(hashed=hashed, signed=signed)


def scram_verifiers(configuration: Configuration) -> dict[str, tuple[ScramVerifier, Principal]]:
    """Give the verifiers of tokens by their owners' names.

    Raises:
        MetricsStoreError: An owner has two.
    """
    found: dict[str, tuple[ScramVerifier, Principal]] = {}
    for token in configuration.tokens:
        if token.scram is not None:
            if token.name in found:
                raise MetricsStoreError(
                    "an owner of tokens has two SCRAM verifiers",
                    where=token.name,
                    expected="one, as a name is all that a client says before it proves its token",
                )
            found[token.name] = (ScramVerifier.read(token.scram), _owner(token))
    return found


def _owner(token: Token) -> Principal:
    attributes = {name: tuple(values) for name, values in token.attributes.items()}
    return Principal(token.name, frozenset(token.groups), attributes)


def _hash(token: Token) -> str:
    if token.token is None:
        return str(token.sha256)
    value = read_secret(token.token, f"the token of {token.name}")
    if len(value) < _SHORTEST_TOKEN:
        raise MetricsStoreError(
            f"the token of {token.name} is too short",
            expected=f"at least {_SHORTEST_TOKEN} characters that nobody can guess",
            remedy="run `metrics token NAME`",
        )
    return hash_token(value)


def _signed(settings: JsonWebTokenSettings) -> JsonWebTokens:
    keys = []
    if settings.hs256_secret is not None:
        secret = read_secret(settings.hs256_secret, "the secret of the JSON Web Tokens").encode()
        if len(secret) < SHORTEST_SECRET:
            raise MetricsStoreError(
                "the secret of the JSON Web Tokens is too short",
                expected=f"at least {SHORTEST_SECRET} bytes",
            )
        keys.append(SigningKey(SHARED, secret))
    if settings.rs256_public_key is not None:
        use = "the public key of the JSON Web Tokens"
        text = _content(settings.rs256_public_key, use)
        try:
            keys.append(public_key(load_pem_public_key(text.encode())))
        except (ValueError, UnsupportedAlgorithm):
            raise MetricsStoreError(
                f"{use} cannot be read",
                where=str(settings.rs256_public_key),
                expected="a public key in PEM form",
            ) from None
    if settings.jwks_file is not None:
        _content(settings.jwks_file, "the JWKS file")
    return JsonWebTokens(
        SigningKeys(keys, settings.jwks_file),
        audience=settings.audience,
        issuer=settings.issuer,
        leeway=settings.leeway_seconds,
        name_claim=settings.name_claim,
        groups_claim=settings.groups_claim,
        attribute_claims=settings.attribute_claims,
    )
