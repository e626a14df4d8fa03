"""The small test projects, opened on both engines for the relations."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from metamorphic.project_opener import open_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metamorphic.relation_trials import Opened


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
