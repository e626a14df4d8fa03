from __future__ import annotations

import base64

import pytest

from metrics_store.access.authentication.scram import ScramExchange, ScramVerifier
from metrics_store.errors import NotAuthenticatedError

# The example of RFC 7677.
PASSWORD = "pencil"  # noqa: S105
VERIFIER = ScramVerifier.of_password(PASSWORD, base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
PROOF = b"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
FINAL = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + PROOF


def exchange(verifier: ScramVerifier = VERIFIER) -> ScramExchange:
    begun = ScramExchange(verifier)
    begun._nonce = NONCE
    return begun


def test_the_exchange_of_the_standard() -> None:
    begun = exchange()
    assert begun.answer(FIRST) == (
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    assert begun.verify(FINAL) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_a_verifier_is_written_and_read() -> None:
    assert ScramVerifier.read(str(VERIFIER)) == VERIFIER
    assert PASSWORD not in str(VERIFIER)
    assert str(ScramVerifier.of_password(PASSWORD)) != str(VERIFIER)
    with pytest.raises(ValueError, match="no SCRAM verifier"):
        ScramVerifier.read("SCRAM-SHA-256$4096:x$y:z")


@pytest.mark.parametrize(
    "final",
    [
        FINAL.replace(PROOF, base64.b64encode(bytes(32))),
        FINAL.replace(PROOF, b""),
        FINAL.replace(b"biws", b"eSws"),
        FINAL.replace(b"Uu", b"Uv").replace(b"hNlF", b"hNlG"),
        b"",
        b"\xff\xfe",
    ],
)
def test_another_proof_is_none(final: bytes) -> None:
    begun = exchange()
    begun.answer(FIRST)
    with pytest.raises(NotAuthenticatedError):
        begun.verify(final)


@pytest.mark.parametrize(
    "first", [b"", b"p=tls-unique,,n=,r=x", b"n,,n=user", b"n,,m=x,r=y", b"\xff"]
)
def test_what_is_no_login_is_refused(first: bytes) -> None:
    with pytest.raises(NotAuthenticatedError):
        exchange().answer(first)


def test_nobody_is_the_same_for_a_name_and_has_no_password() -> None:
    one, other = (ScramVerifier.of_nobody("ada", b"secret") for _ in range(2))
    assert one.salt == other.salt
    assert one.salt != ScramVerifier.of_nobody("bea", b"secret").salt
    begun = exchange(one)
    begun.answer(FIRST)
    with pytest.raises(NotAuthenticatedError):
        begun.verify(FINAL)
