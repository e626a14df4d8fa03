"""Callers are known by their tokens, and by nothing near them."""

from __future__ import annotations

import pytest

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.authentication.known_tokens import fresh_token, hash_token
from metrics_store.access.principal import LOCAL, Principal
from metrics_store.errors import NotAuthenticatedError

ANA, BEN = Principal("ana", frozenset({"sales"})), Principal("ben")
# The same in every process: it names tests.
TOKEN = "ms_" + "aB3-xYz_9" * 5


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {fresh_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) > 40


def test_a_token_is_its_owners() -> None:
    known = Authenticator({"first-token": ANA}, hashed={hash_token(TOKEN): BEN})
    assert known.principal("Bearer first-token") is ANA
    assert known.principal(f"bearer {TOKEN}") is BEN
    assert known.principal(f"BEARER  {TOKEN} ") is BEN


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN.swapcase()}",
        f"Bearer {hash_token(TOKEN)}",
        f"Bearer Bearer {TOKEN}",
        "Bearer " + "x" * 100_000,
        "Bearer a.b.c",
        "Bearer \ud800",
        "Bearer é",
    ],
)
def test_everybody_else_is_nobody(header: str | None) -> None:
    known = Authenticator(hashed={hash_token(TOKEN): BEN})
    with pytest.raises(NotAuthenticatedError) as refused:
        known.principal(header)
    assert TOKEN[:20] not in str(refused.value)


def test_without_anybody_everybody_is_nobody() -> None:
    with pytest.raises(NotAuthenticatedError):
        Authenticator().principal("Bearer x")
    assert Authenticator(everybody=LOCAL).principal(None) is LOCAL
