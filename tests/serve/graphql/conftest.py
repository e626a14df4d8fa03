"""The GraphQL API over the shop with more metrics, served once a test process."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import requests
from starlette.applications import Starlette

from clients.server_thread import serving
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import Principal
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.graphql.routes import routes
from metrics_store.serve.polled_queries import Limits, PolledQueries
from metrics_store.serve.service import Service
from query.definitions.project import make_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ANA, BEN = "token-of-ana", "token-of-ben"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the shop with visits and customers, built."""
    directory = tmp_path_factory.mktemp("offers") / "shop"
    make_project(directory)
    subprocess.run([metrics_command, "build"], cwd=directory, check=True, capture_output=True)
    return directory


@pytest.fixture(scope="session")
def service(project: Path) -> Service:
    engine = Engine(load_target(project))
    known = Authenticator({ANA: Principal("ana"), BEN: Principal("ben")})
    return Service(engine, known, queries=PolledQueries(Limits(page_rows=2)))


@pytest.fixture(scope="session")
def port(service: Service) -> Iterator[int]:
    """Give the port of a server whose pages have two rows."""
    application = Starlette(routes=list(routes(service)))
    with serving(application) as port:
        yield port


@pytest.fixture
def post(port: int) -> Callable[..., requests.Response]:
    """Give a function that posts any content."""

    def posted(
        content: bytes | str, token: str = ANA, path: str = "/api/graphql"
    ) -> requests.Response:
        return requests.post(
            f"http://127.0.0.1:{port}{path}",
            data=content,
            headers={"authorization": f"bearer {token}", "content-type": "application/json"},
            timeout=60,
        )

    return posted


@pytest.fixture
def ask(post: Callable[..., requests.Response]) -> Callable[..., dict[str, Any]]:
    """Give a function `(query, variables=None, **more)` that gives the answer's JSON."""

    def asked(query: str, variables: dict[str, Any] | None = None, **more: str) -> dict[str, Any]:
        response = post(json.dumps({"query": query, "variables": variables}), **more)
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        return answer

    return asked
