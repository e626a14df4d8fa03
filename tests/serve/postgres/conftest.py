"""The PostgreSQL interface to the market, in this process."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.serve.postgres.session_listener import PostgresListener
from metrics_store.serve.service import Service
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import SmallProject


@dataclass(frozen=True)
class Opened:
    """The interface, and the engine behind it.

    Attributes:
        engine: The engine.
        listener: The interface.
    """

    engine: Engine
    listener: PostgresListener

    @property
    def address(self) -> str:
        return f"host=127.0.0.1 port={self.listener.port} user=ana dbname=metrics"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True)


@contextmanager
def opened(market: SmallProject, target: str) -> Iterator[Opened]:
    """Open the interface to the market, to everybody."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in market.environment.items():
            patch.setenv(name, value)
        found = load_target(market.directory, target)
        engine = Engine(found, EngineSettings(plan_directory=default_directory()))
    service = Service(engine, Authenticator(everybody=LOCAL))
    listener = PostgresListener(service)
    listener.start()
    yield Opened(engine, listener)
    listener.stop()
    service.queries.close()
    engine.close()


@pytest.fixture(scope="session")
def interface(market: SmallProject) -> Iterator[Opened]:
    """Give the interface to the market on DuckDB."""
    with opened(market, TARGETS["duckdb"]) as found:
        yield found


@pytest.fixture(scope="session")
def interface_on_postgres(market: SmallProject) -> Iterator[Opened]:
    """Give the interface to the market on PostgreSQL."""
    with opened(market, TARGETS["postgres"]) as found:
        yield found


@pytest.fixture
def connection(interface: Opened) -> Iterator[psycopg.Connection]:
    with interface.connect() as opened:
        yield opened
