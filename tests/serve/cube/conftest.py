"""Cube's API over the market, in this process, on both engines."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests
from starlette.applications import Starlette

from clients.server_thread import serving
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.serve.cube.routes import routes
from metrics_store.serve.service import Service
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import SmallProject

# The market declares no reference date: what is relative counts from this day.
TODAY = dt.date(2024, 5, 15)


@dataclass
class CubeServer:
    """Where Cube's API is.

    Attributes:
        url: The address of its version 1.
        engine: The engine behind it.
        token: What is sent as `Authorization`.
    """

    url: str
    engine: Engine
    token: str | None = None
    _session: requests.Session = field(default_factory=requests.Session)

    def post(self, path: str, body: object) -> requests.Response:
        """Send JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **self._authorization()}
        return self._session.post(f"{self.url}/{path}", data=data, headers=headers, timeout=60)

    def get(self, path: str, **parameters: str) -> requests.Response:
        """Send parameters."""
        headers = self._authorization()
        return self._session.get(
            f"{self.url}/{path}", params=parameters, headers=headers, timeout=60
        )

    def load(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Give the one result of a query."""
        response = self.post("load", {"query": query})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def rows(self, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Give the rows of a query."""
        found: list[dict[str, Any]] = self.load(**query)["data"]
        return found

    def refused(self, **query: Any) -> str:  # noqa: ANN401
        """Give the words in which a query is refused."""
        response = self.post("load", {"query": query})
        assert response.status_code == 400, response.text
        assert list(response.json()) == ["error"]
        words: str = response.json()["error"]
        return words

    def _authorization(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": self.token}


@contextmanager
def opened(market: SmallProject, target: str) -> Iterator[CubeServer]:
    """Serve Cube's API over the market, to everybody."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in market.environment.items():
            patch.setenv(name, value)
        found = load_target(market.directory, target)
        settings = EngineSettings(plan_directory=default_directory(), today=lambda: TODAY)
    engine = Engine(found, settings)
    service = Service(engine, Authenticator(everybody=LOCAL))
    with serving(Starlette(routes=routes(service))) as port:
        yield CubeServer(f"http://127.0.0.1:{port}/cubejs-api/v1", engine)
    service.queries.close()
    engine.close()


@pytest.fixture(scope="session")
def cube(market: SmallProject) -> Iterator[CubeServer]:
    """Give it on DuckDB."""
    with opened(market, TARGETS["duckdb"]) as server:
        yield server


@pytest.fixture(scope="session")
def cube_on_postgres(market: SmallProject) -> Iterator[CubeServer]:
    """Give it on PostgreSQL."""
    with opened(market, TARGETS["postgres"]) as server:
        yield server


@pytest.fixture(params=["duckdb", "postgres"])
def any_cube(request: pytest.FixtureRequest) -> CubeServer:
    """Give it on each engine."""
    name = {"duckdb": "cube", "postgres": "cube_on_postgres"}[request.param]
    found: CubeServer = request.getfixturevalue(name)
    return found
