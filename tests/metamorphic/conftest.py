"""The small test projects, opened on both engines for the relations."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from metamorphic.opening import open_project
from projects import SmallProject, build_small_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metamorphic.trying import Opened

MARKET = Path(__file__).parents[1] / "market_project"


@pytest.fixture(scope="session")
def market(
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    metrics_command: Path,
) -> SmallProject:
    """Give the market."""
    directory = tmp_path_factory.mktemp("market")
    return build_small_project(MARKET, directory, postgres_server, metrics_command)


@pytest.fixture(scope="session")
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Opened]]:
    """Give a function `(project, engine)` that opens a project once."""
    known: dict[tuple[str, str], Opened] = {}
    with ExitStack() as stack:

        def open_once(name: str, engine: str) -> Opened:
            if (name, engine) not in known:
                directory = tmp_path_factory.mktemp(f"metamorphic_{name}")
                project = request.getfixturevalue(name)
                known[name, engine] = open_project(project, directory, engine, stack)
            return known[name, engine]

        yield open_once
