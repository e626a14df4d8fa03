"""JSON Web Tokens: what holds is read, everything forged or out of place is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.authentication.json_web_tokens import JsonWebTokens
from metrics_store.access.authentication.signing_keys import SigningKey, SigningKeys, public_key
from metrics_store.errors import MetricsStoreError, NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = b"a-shared-secret-of-at-least-32-bytes"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = OURS.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def _claims(**changed: object) -> dict[str, Any]:
    now = int(time.time())
    said = {"sub": "ana", "aud": "metrics", "iss": "https://issuer", "exp": now + 600, **changed}
    return {name: value for name, value in said.items() if value is not None}


def _part(value: object) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _forged(header: dict[str, Any], claims: dict[str, Any], key: bytes | None) -> str:
    """Put a token together by hand, as no library would."""
    signed = f"{_part(header)}.{_part(claims)}"
    signature = b"" if key is None else hmac.digest(key, signed.encode(), hashlib.sha256)
    return f"{signed}.{_part(signature)}"


def _hs(secret: bytes = SECRET, **claims: object) -> str:
    return jwt.encode(_claims(**claims), secret, algorithm="HS256")


def _rs(key: rsa.RSAPrivateKey = OURS, kid: str | None = None, **claims: object) -> str:
    headers = None if kid is None else {"kid": kid}
    return jwt.encode(_claims(**claims), key, algorithm="RS256", headers=headers)


@pytest.fixture
def both() -> JsonWebTokens:
    keys = SigningKeys([SigningKey("HS256", SECRET), public_key(OURS.public_key())])
    return JsonWebTokens(
        keys,
        audience="metrics",
        issuer="https://issuer",
        leeway=5,
        attribute_claims={"teams": "org/teams", "region": "region"},
    )


def _key_set(path: Path, **keys: rsa.RSAPrivateKey) -> Path:
    entries = [
        {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": kid}
        for kid, key in keys.items()
    ]
    path.write_text(json.dumps({"keys": entries}), encoding="utf-8")
    return path


@pytest.mark.parametrize("sign", [_hs, _rs])
def test_a_token_that_holds_is_read(both: JsonWebTokens, sign: Callable[..., str]) -> None:
    token = sign(groups=["sales", "emea"], **{"org/teams": ["A", "B"], "region": "north"})
    principal = Authenticator(signed=both).principal(f"Bearer {token}")
    assert (principal.name, principal.groups) == ("ana", {"sales", "emea"})
    assert principal.attributes == {"teams": ("A", "B"), "region": ("north",)}
    assert both.principal(sign(aud=["other", "metrics"])).groups == frozenset()
    # Clocks differ by a little.
    assert both.principal(sign(exp=int(time.time()) - 2)).name == "ana"


BAD: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: _forged({"alg": "none", "typ": "JWT"}, _claims(), None),
    "no algorithm, written otherwise": lambda: _forged({"alg": "nOnE"}, _claims(), None),
    "no algorithm, signed": lambda: _forged({"alg": "none"}, _claims(), SECRET),
    "algorithm left out": lambda: _forged({"typ": "JWT"}, _claims(), SECRET),
    "algorithm is no text": lambda: _forged({"alg": ["HS256"]}, _claims(), SECRET),
    "public key as shared secret": lambda: _forged({"alg": "HS256"}, _claims(), PEM),
    "public key's text without its end": lambda: _forged({"alg": "HS256"}, _claims(), PEM.strip()),
    "shared secret under another hash": lambda: jwt.encode(_claims(), SECRET * 2, "HS512"),
    "RS512 with the right key": lambda: jwt.encode(_claims(), OURS, "RS512"),
    "PS256 with the right key": lambda: jwt.encode(_claims(), OURS, "PS256"),
    "RS256 in the header, HS256 in truth": lambda: _forged({"alg": "RS256"}, _claims(), PEM),
    "another secret": lambda: _hs(b"x" * 40),
    "empty secret": lambda: _forged({"alg": "HS256"}, _claims(), b""),
    "another private key": lambda: _rs(THEIRS),
    "its own key in the header": lambda: jwt.encode(
        _claims(),
        THEIRS,
        "RS256",
        headers={"jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(THEIRS.public_key()))},
    ),
    "a critical extension": lambda: jwt.encode(
        _claims(), SECRET, "HS256", headers={"crit": ["frob"], "frob": 1}
    ),
    "expired": lambda: _hs(exp=int(time.time()) - 60),
    "expired, RS256": lambda: _rs(exp=int(time.time()) - 60),
    "never expires": lambda: _hs(exp=None),
    "expires at no time": lambda: _hs(exp="soon"),
    "not yet": lambda: _hs(nbf=int(time.time()) + 600),
    "issued in the future": lambda: _hs(iat=int(time.time()) + 600),
    "another audience": lambda: _hs(aud="billing"),
    "no audience": lambda: _hs(aud=None),
    "an audience that only begins so": lambda: _hs(aud="metrics2"),
    "audience of another kind": lambda: _forged({"alg": "HS256"}, _claims(aud=7), SECRET),
    "another issuer": lambda: _hs(iss="https://attacker"),
    "no issuer": lambda: _hs(iss=None),
    "nobody": lambda: _hs(sub=None),
    "an empty name": lambda: _hs(sub=""),
    "a name that is no text": lambda: _forged({"alg": "HS256"}, _claims(sub=["ana"]), SECRET),
    "a very long name": lambda: _hs(sub="a" * 300),
    "groups of another kind": lambda: _hs(groups={"admin": True}),
    "groups with a truth value": lambda: _hs(groups=[True]),
    "attributes of another kind": lambda: _hs(region=[["north"]]),
    "claims that are a list": lambda: _forged({"alg": "HS256"}, [1], SECRET),  # type: ignore[arg-type]
    "a kid that is no text": lambda: _forged({"alg": "HS256", "kid": 7}, _claims(), SECRET),
    "cut short": lambda: _hs()[:-2],
    "changed claims": lambda: ".".join(
        [_hs().split(".")[0], _part(_claims(sub="boss")), _hs().split(".")[2]]
    ),
    "without signature": lambda: _hs().rpartition(".")[0] + ".",
    "not base64": lambda: "a.b.c",
    "empty parts": lambda: "..",
    "deeply nested": lambda: _part(b"[" * 5000) + ".e30.x",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_tokens_that_are_refused(both: JsonWebTokens, bad: Callable[[], str]) -> None:
    token = bad()
    with pytest.raises(NotAuthenticatedError) as refused:
        Authenticator(signed=both).principal(f"Bearer {token}")
    assert "attacker" not in refused.value.public()


def test_keys_of_a_file_are_told_apart_by_their_names(tmp_path: Path) -> None:
    path = _key_set(tmp_path / "keys.json", old=OURS, new=THEIRS)
    tokens = JsonWebTokens(SigningKeys(key_set=path), audience="metrics")
    assert tokens.principal(_rs(OURS, "old")).name == "ana"
    assert tokens.principal(_rs(THEIRS, "new")).name == "ana"
    for wrong in (_rs(OURS, "new"), _rs(OURS, "third"), _rs(OURS), _rs(OURS, "../old"), _hs()):
        with pytest.raises(NotAuthenticatedError):
            tokens.principal(wrong)


def test_the_only_key_of_a_file_does_not_stand_for_others(tmp_path: Path) -> None:
    path = _key_set(tmp_path / "keys.json", only=OURS)
    tokens = JsonWebTokens(SigningKeys(key_set=path), audience="metrics")
    assert tokens.principal(_rs(OURS, "only")).name == "ana"
    with pytest.raises(NotAuthenticatedError):
        tokens.principal(_rs(OURS, "revoked"))


def test_keys_are_rolled_without_a_restart(tmp_path: Path) -> None:
    path = _key_set(tmp_path / "keys.json", old=OURS)
    tokens = JsonWebTokens(SigningKeys(key_set=path), audience="metrics")
    path.write_text('{"keys": [half', encoding="utf-8")
    assert tokens.principal(_rs(OURS, "old")).name == "ana"
    _key_set(path, renewed=THEIRS)
    assert tokens.principal(_rs(THEIRS, "renewed")).name == "ana"
    with pytest.raises(NotAuthenticatedError):
        tokens.principal(_rs(OURS, "old"))


def test_a_file_of_keys_has_public_ones_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret = {"kty": "oct", "k": _part(SECRET), "kid": "a", "alg": "HS256"}
    unnamed = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
    for entries in ([], [secret], [unnamed], [{**unnamed, "kid": "a", "alg": "HS256"}], "x"):
        path.write_text(json.dumps({"keys": entries}), encoding="utf-8")
        with pytest.raises(MetricsStoreError, match="JWKS"):
            SigningKeys(key_set=path)


def test_short_and_private_keys_are_refused() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    for key in (short.public_key(), OURS):
        with pytest.raises(MetricsStoreError, match="RS256"):
            public_key(key)
