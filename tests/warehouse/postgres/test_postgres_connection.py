"""Connections to PostgreSQL: the session, the lock between writers, and what errors say."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target, load_target
from metrics_store.warehouse.postgres.postgres_connection import connect, exclusive_writer


def _target(settings: dict[str, Any]) -> Target:
    return Target(Path(), "dev", {"type": "postgres", **settings})


def test_session_is_in_utc_and_named(
    tiny_project: Path, postgres_environment: dict[str, str]
) -> None:
    with connect(load_target(tiny_project, "dev")) as connection:
        row = connection.execute(
            "select current_setting('timezone'), current_setting('application_name'),"
            " current_database()"
        ).fetchone()
    assert row == ("UTC", "metrics", postgres_environment["METRICS_STORE_DEV_DATABASE"])


def test_other_names_of_settings(postgres_environment: dict[str, str]) -> None:
    environment = postgres_environment
    target = _target(
        {
            "host": environment["METRICS_STORE_DEV_HOST"],
            "port": int(environment["METRICS_STORE_DEV_PORT"]),
            "user": environment["METRICS_STORE_DEV_USER"],
            "pass": environment["METRICS_STORE_DEV_PASSWORD"],
            "database": environment["METRICS_STORE_DEV_DATABASE"],
            "search_path": 'dev, "other one"',
            "role": "pg_monitor",
            "keepalives_idle": 0,
        }
    )
    with connect(target) as connection:
        assert connection.info.password == environment["METRICS_STORE_DEV_PASSWORD"]
        row = connection.execute(
            "select current_setting('search_path'), current_user::text, current_database()::text"
        ).fetchone()
    assert row == ('dev, "other one"', "pg_monitor", environment["METRICS_STORE_DEV_DATABASE"])


def test_unreachable_server_is_named_without_its_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        port = taken.getsockname()[1]
        target = _target(
            {
                "host": "127.0.0.1",
                "port": port,
                "user": "ana",
                "password": "correct-horse",
                "dbname": "pipeline",
            }
        )
        with pytest.raises(MetricsStoreError) as caught:
            connect(target)
    message = str(caught.value)
    assert f"host 127.0.0.1, port {port}, dbname pipeline, user ana" in message
    assert "correct-horse" not in message
    assert caught.value.__cause__ is None


def test_other_adapters_are_refused() -> None:
    with pytest.raises(MetricsStoreError, match="not a PostgreSQL database"):
        connect(Target(Path(), "duckdb", {"type": "duckdb"}))


def test_one_writer_a_schema(
    tiny_project: Path,
    postgres_environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del postgres_environment
    target = load_target(tiny_project, "dev")
    with exclusive_writer(target):
        with (
            pytest.raises(MetricsStoreError, match="another build or load") as caught,
            exclusive_writer(target),
        ):
            pass
        monkeypatch.setenv("METRICS_STORE_DEV_SCHEMA", "elsewhere")
        with exclusive_writer(load_target(tiny_project, "dev")):
            pass
    assert "schema dev" in str(caught.value)
    with exclusive_writer(target):
        pass
