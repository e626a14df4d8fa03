"""The schema of the server's configuration file, with its defaults."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics_store.access.authentication.known_tokens import HASH
from metrics_store.access.authentication.scram import VERIFIER

# More of them than this need memory before they need another core.
_MOST_WORKERS = 8

Port = Annotated[int, Field(ge=0, le=65535)]
# The one after that of Arrow Flight SQL.
POSTGRES_PORT = 8082
Name = Annotated[str, Field(min_length=1, max_length=256)]


class Section(BaseModel):
    """A part of the file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Secret(Section):
    """Where a secret is; the configuration file holds none.

    Attributes:
        env: The environment variable that holds it.
        file: The file that holds it; white space around it does not count.
    """

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError("name either `env` or `file`")
        return self


class Token(Section):
    """A token, and who it was given to.

    Attributes:
        name: What the audit log calls its owner.
        groups: What the owner belongs to.
        attributes: What else is known of the owner: name -> values.
        sha256: The token's hash, as `metrics token` prints it.
        token: Where the token itself is, in place of its hash.
        scram: What proves over PostgreSQL's protocol that its owner knows it, without TLS too.
    """

    name: Name
    groups: list[str] = []
    attributes: dict[str, list[str]] = {}
    sha256: Annotated[str, Field(pattern=f"^{HASH.pattern}$")] | None = None
    token: Secret | None = None
    scram: Annotated[str, Field(pattern=f"^{VERIFIER.pattern}$")] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.sha256 is None) == (self.token is None):
            raise ValueError("give either `sha256` or `token`")
        return self


class JsonWebTokenSettings(Section):
    """JSON Web Tokens of one issuer.

    Attributes:
        audience: Whom tokens must be for (`aud`).
        issuer: Who must have issued them (`iss`).
        hs256_secret: The shared secret of tokens signed with HS256.
        rs256_public_key: PEM file with the public key of tokens signed with RS256.
        jwks_file: JWKS file with such keys; it is read again when it changes.
        leeway_seconds: By how much clocks may differ.
        name_claim: The claim that names the caller.
        groups_claim: The claim with the caller's groups.
        attribute_claims: Attribute -> the claim that it is taken from.
    """

    audience: Name
    issuer: Name | None = None
    hs256_secret: Secret | None = None
    rs256_public_key: Path | None = None
    jwks_file: Path | None = None
    leeway_seconds: Annotated[float, Field(ge=0, le=300)] = 30.0
    name_claim: Name = "sub"
    groups_claim: Name = "groups"
    attribute_claims: dict[str, str] = {}

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if not (self.hs256_secret or self.rs256_public_key or self.jwks_file):
            raise ValueError("give `hs256_secret`, `rs256_public_key` or `jwks_file`")
        return self


class TransportSecurity(Section):
    """The certificate that the server shows.

    Attributes:
        certificate: PEM file with the certificate and those that vouch for it.
        key: PEM file with its private key.
    """

    certificate: Path
    key: Path


class Limits(Section):
    """What one request may take.

    Attributes:
        timeout_seconds: Time in the warehouse.
        rows: Rows of an answer.
        answer_megabytes: Size of an answer.
        memory_megabytes: Memory of DuckDB for all answers together.
        result_cache_megabytes: Answers that are kept, to be given again while nothing changed.
        concurrent_statements: Statements that the warehouse works on at once.
        concurrent_requests: Requests that are worked on at once; others wait for their turn.
        waiting_seconds: How long they wait before they are told to come back later.
        body_bytes: Size of what a caller may send.
    """

    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    rows: Annotated[int, Field(gt=0)] = 1_000_000
    answer_megabytes: Annotated[int, Field(gt=0)] = 512
    memory_megabytes: Annotated[int, Field(gt=0)] = 2048
    result_cache_megabytes: Annotated[int, Field(ge=0)] = 64
    concurrent_statements: Annotated[int, Field(gt=0, le=1000)] = 8
    concurrent_requests: Annotated[int, Field(gt=0, le=1000)] = 32
    waiting_seconds: Annotated[float, Field(gt=0)] = 30.0
    body_bytes: Annotated[int, Field(gt=0)] = 1_048_576


class CrossOrigin(Section):
    """Web pages of other origins that may ask.

    Attributes:
        origins: Such as `https://dashboards.example.com`.
    """

    origins: list[Annotated[str, Field(pattern=r"^https?://[^/*\s]+$")]] = []


class Logging(Section):
    """The server's own log, on standard error.

    Attributes:
        level: The least that is written.
        format: `json` for one object a line, `text` for people.
    """

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "json"


class Configuration(Section):
    """All of it; every key has a default.

    Attributes:
        host: Address to listen at.
        port: Port of HTTP: REST, GraphQL and MCP.
        flight_port: Port of Arrow Flight SQL; null for none.
        postgres_port: Port of PostgreSQL's protocol; null for none, `auto` for one where nobody can
            read tokens on their way: at this machine, or with tokens and TLS.
        tls: The certificate; without one the server speaks in the clear.
        tokens: Bearer tokens, with their principals.
        jwt: How JSON Web Tokens are verified.
        limits: What one request may take.
        cors: Web pages of other origins that may ask.
        audit_log: File of the audit log.
        log: The server's own log.
        shutdown_seconds: How long requests under way have when the server is told to stop.
        workers: How many processes answer; `auto` for one for each core, eight at most. All
            limits hold for all of them together.
    """

    host: Name = "127.0.0.1"
    port: Port = 8080
    flight_port: Port | None = 8081
    postgres_port: Port | Literal["auto"] | None = "auto"
    tls: TransportSecurity | None = None
    tokens: list[Token] = []
    jwt: JsonWebTokenSettings | None = None
    limits: Limits = Limits()
    cors: CrossOrigin = CrossOrigin()
    audit_log: Path | None = None
    log: Logging = Logging()
    shutdown_seconds: Annotated[float, Field(ge=0)] = 10.0
    workers: Annotated[int, Field(ge=1, le=64)] | Literal["auto"] = 1

    @property
    def worker_count(self) -> int:
        """How many processes answer."""
        if self.workers != "auto":
            return self.workers
        cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
        return min(len(cores) or os.cpu_count() or 1, _MOST_WORKERS)

    @property
    def requires_authentication(self) -> bool:
        """Whether callers must show a token."""
        return bool(self.tokens) or self.jwt is not None

    @property
    def chosen_postgres_port(self) -> int | None:
        """The port of PostgreSQL's protocol; none where it stays closed."""
        if self.postgres_port != "auto":
            return self.postgres_port
        is_private = self.tls is not None and self.requires_authentication
        return POSTGRES_PORT if is_private or is_loopback(self.host) else None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
