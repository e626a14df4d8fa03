"""The configuration file: what is wrong in it is named with its line, secrets are never shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from metrics_store.access.authentication.known_tokens import hash_token
from metrics_store.errors import MetricsStoreError, NotAuthenticatedError
from metrics_store.serve.configuration.authenticators import authenticator
from metrics_store.serve.configuration.configuration import (
    POSTGRES_PORT,
    Configuration,
    Token,
    TransportSecurity,
)
from metrics_store.serve.configuration.configuration_file import read_configuration
from metrics_store.serve.server import check

HASH = hash_token("a-token-that-is-long-enough")


def _read(directory: Path, text: str) -> Configuration:
    path = directory / "server.yml"
    path.write_text(text, encoding="utf-8")
    return read_configuration(path)


def test_everything_has_a_default(tmp_path: Path) -> None:
    assert read_configuration(None) == _read(tmp_path, "") == Configuration()
    plain = Configuration()
    assert (plain.host, plain.port, plain.flight_port) == ("127.0.0.1", 8080, 8081)
    assert not plain.requires_authentication
    check(plain)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        f"""
host: 0.0.0.0
port: 443
flight_port: null
tls: {{certificate: tls/server.pem, key: /etc/key.pem}}
tokens:
  - {{name: ana, groups: [sales], attributes: {{teams: [EMEA, APAC]}}, sha256: {HASH}}}
jwt:
  audience: metrics
  issuer: https://issuer.example
  jwks_file: keys.json
  leeway_seconds: 5
  name_claim: email
  groups_claim: roles
  attribute_claims: {{teams: https://example.com/teams}}
limits: {{timeout_seconds: 5, rows: 10, memory_megabytes: 100, concurrent_requests: 2}}
cors: {{origins: [https://dashboards.example.com]}}
audit_log: audit.jsonl
log: {{level: warning, format: text}}
shutdown_seconds: 3
""",
    )
    assert found.tls is not None
    assert found.tls.certificate == tmp_path / "tls" / "server.pem"
    assert str(found.tls.key) == "/etc/key.pem"
    assert found.audit_log == tmp_path / "audit.jsonl"
    assert found.jwt is not None
    assert found.jwt.jwks_file == tmp_path / "keys.json"
    assert found.tokens[0].attributes == {"teams": ["EMEA", "APAC"]}


WRONG = {
    "a key that is not known": ("host: a\nprot: 80\n", ":2 (prot)", "port"),
    "a key inside": ("limits:\n  rows: 5\n  row: 5\n", ":3 (limits.row)", "timeout_seconds"),
    "a key in a list": (
        f"tokens:\n  - {{name: a, sha256: {HASH}}}\n  - name: b\n    sha256: {HASH}\n    team: x\n",
        ":5 (tokens.1.team)",
        "groups",
    ),
    "a port that is none": ("port: 99999\n", ":1 (port)", "65535"),
    "a port that is a word": ("\n\nport: web\n", ":3 (port)", "a whole number"),
    "a section that is a text": ("limits: many\n", ":1 (limits)", ""),
    "a hash that is none": ("tokens:\n- name: a\n  sha256: abc\n", ":3 (tokens.0.sha256)", "64"),
    "a token without a hash": ("tokens:\n- name: a\n", ":2 (tokens.0)", "`sha256` or `token`"),
    "a token's secret in the file": (
        "tokens:\n- name: a\n  token: hunter2-hunter2-hunter2\n",
        ":3 (tokens.0.token)",
        "",
    ),
    "two places of a secret": (
        "tokens:\n- name: a\n  token: {env: A, file: b}\n",
        ":3 (tokens.0.token)",
        "either `env` or `file`",
    ),
    "a token without a name": (f"tokens:\n- sha256: {HASH}\n", ":2 (tokens.0.name)", "this key"),
    "no audience": ("jwt:\n  jwks_file: a\n", ":1 (jwt.audience)", "this key"),
    "no key": ("jwt:\n  audience: a\n", ":1 (jwt)", "`jwks_file`"),
    "every origin": ("cors: {origins: ['*']}\n", ":1 (cors.origins.0)", ""),
    "a level that is none": ("log:\n  level: loud\n", ":2 (log.level)", "'debug'"),
    "no time": ("limits: {timeout_seconds: 0}\n", ":1 (limits.timeout_seconds)", "greater than 0"),
    "a key twice": ("port: 1\nhost: a\nport: 2\n", ":3", ""),
    "no settings": ("- port\n", "", "`key: value`"),
    "no YAML": ("port: [1\nhost: }\n", ":2", ""),
    "objects of Python": ("port: !!python/object/apply:os.system ['true']\n", ":1", ""),
}


@pytest.mark.parametrize(("text", "where", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, where: str, expected: str) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        _read(tmp_path, text)
    error = refused.value
    assert error.where.endswith(f"server.yml{where}")
    assert expected in error.expected
    assert "hunter2" not in str(error)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MetricsStoreError, match="cannot be read") as refused:
        read_configuration(tmp_path / "none.yml")
    assert "No such file" in refused.value.where


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.evil.com"])  # noqa: S104
def test_everybody_from_everywhere_is_refused(host: str, tmp_path: Path) -> None:
    with pytest.raises(MetricsStoreError, match="this machine alone"):
        check(Configuration(host=host))
    check(_read(tmp_path, f"host: '{host}'\ntokens: [{{name: a, sha256: {HASH}}}]\n"))


def test_tokens_come_from_the_environment_and_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
tokens:
  - {name: ana, groups: [sales], token: {env: TOKEN_OF_ANA}}
  - {name: ben, attributes: {teams: [EMEA]}, token: {file: ben.txt}}
"""
    monkeypatch.setenv("TOKEN_OF_ANA", "the-long-token-of-ana-in-here")
    (tmp_path / "ben.txt").write_text("the-long-token-of-ben-in-here\n", encoding="utf-8")
    known = authenticator(_read(tmp_path, text))
    assert known.principal("Bearer the-long-token-of-ana-in-here").groups == {"sales"}
    ben = known.principal("Bearer the-long-token-of-ben-in-here")
    assert (ben.name, ben.attributes) == ("ben", {"teams": ("EMEA",)})
    with pytest.raises(NotAuthenticatedError):
        known.principal("Bearer the-long-token-of-nobody-here")


@pytest.mark.parametrize(
    ("ana", "ben", "what"),
    [
        (None, "the-long-token-of-ben-in-here", "empty or not set"),
        ("short-shown-nowhere", "the-long-token-of-ben-in-here", "too short"),
        ("equal-tokens-shown-nowhere", "equal-tokens-shown-nowhere", "the same token"),
        ("the-long-token-of-ana-in-here", None, "cannot be read"),
    ],
)
def test_secrets_that_are_missing_or_weak(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ana: str | None,
    ben: str | None,
    what: str,
) -> None:
    text = """
tokens:
  - {name: ana, token: {env: TOKEN_OF_ANA}}
  - {name: ben, token: {file: ben.txt}}
"""
    if ana is not None:
        monkeypatch.setenv("TOKEN_OF_ANA", ana)
    if ben is not None:
        (tmp_path / "ben.txt").write_text(ben, encoding="utf-8")
    with pytest.raises(MetricsStoreError, match=what) as refused:
        authenticator(_read(tmp_path, text))
    assert "shown-nowhere" not in str(refused.value)


def test_keys_that_are_missing_or_weak(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "other.pem").write_bytes(
        other.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    (tmp_path / "short.txt").write_text("too-short", encoding="utf-8")
    (tmp_path / "no.pem").write_text("no key", encoding="utf-8")
    for key in (
        "hs256_secret: {file: short.txt}",
        "hs256_secret: {env: NOT_SET}",
        "rs256_public_key: no.pem",
        "rs256_public_key: other.pem",
        "rs256_public_key: missing.pem",
        "jwks_file: missing.json",
        "jwks_file: no.pem",
    ):
        with pytest.raises(MetricsStoreError):
            authenticator(_read(tmp_path, f"jwt: {{audience: a, {key}}}\n"))


def test_the_file_in_the_documentation_is_right(tmp_path: Path) -> None:
    documentation = Path(__file__).parents[3] / "docs" / "server.md"
    [example] = re.findall(
        r"```yaml\n(.*?)```", documentation.read_text(encoding="utf-8"), re.DOTALL
    )
    found = _read(tmp_path, example)
    said = found.model_dump(exclude_unset=True)
    assert set(said) == set(Configuration.model_fields)
    defaults = Configuration().limits.model_dump()
    assert said["limits"] == defaults


def test_postgresql_is_open_where_nobody_can_read_a_token_on_its_way() -> None:
    tls = TransportSecurity(certificate=Path("c.pem"), key=Path("k.pem"))
    token = Token(name="ana", sha256="0" * 64)
    assert Configuration().chosen_postgres_port == POSTGRES_PORT
    assert Configuration(host="0.0.0.0", tokens=[token]).chosen_postgres_port is None  # noqa: S104
    assert Configuration(host="0.0.0.0", tls=tls).chosen_postgres_port is None  # noqa: S104
    private = Configuration(host="0.0.0.0", tokens=[token], tls=tls)  # noqa: S104
    assert private.chosen_postgres_port == POSTGRES_PORT
    assert Configuration(postgres_port=None).chosen_postgres_port is None
    assert Configuration(host="0.0.0.0", postgres_port=5).chosen_postgres_port == 5  # noqa: S104
