"""Who connects, with what proof; and that what somebody may not see is not even in the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from metrics_store.access.audit_log import AuditLog
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.authentication.json_web_tokens import JsonWebTokens
from metrics_store.access.authentication.scram import ScramVerifier
from metrics_store.access.authentication.signing_keys import SHARED, SigningKey, SigningKeys
from metrics_store.access.principal import Principal
from metrics_store.engine.audit_observer import AuditObserver
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.postgres.session_listener import PostgresListener
from metrics_store.serve.service import Service
from serve.callers import SECRET, web_token
from serve.certificates import write_certificate
from serve.policies.conftest import (
    HIDDEN,
    SEEN_DIMENSIONS,
    SEEN_METRICS,
    TOKENS,
    revenue,
    write_policies,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("corpus")

OWNERS = {
    "ada": Principal("ada"),
    "bea": Principal("bea", frozenset({"regional"}), {"regions": ("south",)}),
    "eve": Principal("eve"),
}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def guarded(
    market: SmallProject, audited: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresListener]:
    """Give an interface that asks for tokens, to a market with policies."""
    directory = tmp_path_factory.mktemp("guarded")
    project = market.copy(directory / "market")
    write_policies(project.directory)
    engine = Engine(
        load_target(project.directory, "duckdb"), observers=[AuditObserver(AuditLog(audited))]
    )
    signed = JsonWebTokens(SigningKeys([SigningKey(SHARED, SECRET.encode())]), "metrics")
    tokens = {TOKENS[name]: owner for name, owner in OWNERS.items()}
    certificate, key = write_certificate(directory)
    verifiers = {"ada": (ScramVerifier.of_password(TOKENS["ada"]), OWNERS["ada"])}
    service = Service(engine, Authenticator(tokens, signed=signed))
    listener = PostgresListener(service, certificate=certificate, key=key, verifiers=verifiers)
    listener.start()
    yield listener
    listener.stop()
    service.queries.close()
    engine.close()


def connect(
    listener: PostgresListener, user: str, password: str, sslmode: str = "require"
) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1",
        port=listener.port,
        user=user,
        password=password,
        dbname="metrics",
        sslmode=sslmode,
        autocommit=True,
    )


def test_a_token_is_a_password_over_tls_and_is_proved_without(guarded: PostgresListener) -> None:
    for user, password, sslmode in (
        ("ada", TOKENS["ada"], "require"),
        ("ada", TOKENS["ada"], "disable"),
        ("bea", TOKENS["bea"], "require"),
        ("carla", web_token(), "require"),
    ):
        with connect(guarded, user, password, sslmode) as connection:
            assert connection.execute("select 1").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("user", "password", "sslmode"),
    [
        ("ada", TOKENS["bea"], "require"),
        ("ada", TOKENS["bea"], "disable"),
        ("bea", TOKENS["ada"], "require"),
        ("bea", TOKENS["bea"], "disable"),
        ("bea", "", "require"),
        ("nobody", "x" * 30, "require"),
        ("nobody", "x" * 30, "disable"),
        ("dora", web_token(), "require"),
        ("carla", web_token(aud="others"), "require"),
        ("carla", web_token(exp=1), "require"),
    ],
)
def test_others_do_not_come_in(
    guarded: PostgresListener, user: str, password: str, sslmode: str
) -> None:
    with pytest.raises(psycopg.OperationalError) as error:
        connect(guarded, user, password, sslmode)
    assert "is not right" in str(error.value) or "no password" in str(error.value)
    assert "ms_token" not in str(error.value)


def test_what_is_hidden_is_not_in_the_catalog(guarded: PostgresListener) -> None:
    with connect(guarded, "bea", TOKENS["bea"]) as connection:
        columns = {
            name
            for (name,) in connection.execute(
                "select attname from pg_attribute a join pg_class c on c.oid = attrelid "
                "where relnamespace = 'metrics'::regnamespace and attnum > 0"
            )
        }
        assert {*SEEN_METRICS, *SEEN_DIMENSIONS, "metric_time"} <= columns
        ours = {
            "pg_class": "relnamespace = 'metrics'::regnamespace",
            "pg_attribute": "attrelid in (select oid from pg_class where relname !~ '^pg_') ",
            "pg_description": "objoid >= 16384",
            "pg_proc": "oid >= 16384",
            "pg_views": "schemaname = 'metrics'",
        }
        catalog = " ".join(
            str(connection.execute(f"select * from {table} where {which}".encode()).fetchall())
            for table, which in ours.items()
        )
        catalog += str(connection.execute("select * from metric_definitions").fetchall())
        assert {name for name in HIDDEN if name in catalog} == set()
        with pytest.raises(psycopg.Error, match="has no such column"):
            connection.execute("select largest_order from orders")
        with pytest.raises(psycopg.Error, match="does not exist"):
            connection.execute("select * from stock")
    with connect(guarded, "ada", TOKENS["ada"]) as connection:
        assert connection.execute("select largest_order from orders").fetchall() != []
    with connect(guarded, "eve", TOKENS["eve"]) as connection:
        assert connection.execute("select count(*) from metric_definitions").fetchall() == [(0,)]


def test_rows_are_the_callers_own_and_every_question_is_audited(
    guarded: PostgresListener, audited: Path
) -> None:
    sql = "select order__status, sum(revenue) from orders group by 1"
    with connect(guarded, "bea", TOKENS["bea"]) as connection:
        assert dict(connection.execute(sql).fetchall()) == revenue("south")
    with connect(guarded, "ada", TOKENS["ada"]) as connection:
        assert dict(connection.execute(sql).fetchall()) == revenue()
    written = audited.read_text(encoding="utf-8")
    assert '"door": "postgres"' in written
    assert '"bea"' in written
    assert "ms_token" not in written
