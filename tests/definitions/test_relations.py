"""The relations that must hold of any metric, over the KPIs of the demo on both engines."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from metamorphic.project_opener import open_project
from metamorphic.relations import NEEDS_ROW_RULES, RELATIONS
from projects import SmallProject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from definitions.warehouses import BuiltProject
    from metamorphic.relation_trials import Opened

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

SAMPLES = {"duckdb": 5, "postgres": 2}


@pytest.fixture(scope="module")
def opened(
    demo_project: BuiltProject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Opened]]:
    """Give a function `(engine)` that opens the demo once."""
    known: dict[str, Opened] = {}
    project = SmallProject(demo_project.project, demo_project.environment)
    with ExitStack() as stack:

        def open_once(engine: str) -> Opened:
            if engine not in known:
                directory = tmp_path_factory.mktemp("relations")
                known[engine] = open_project(
                    # Deals of Pipedrive have no expected close date.
                    project,
                    directory,
                    engine,
                    stack,
                    times_are_known=False,
                )
            return known[engine]

        yield open_once


@pytest.mark.parametrize("relation", [one for one in RELATIONS if one not in NEEDS_ROW_RULES])
@pytest.mark.parametrize("engine", SAMPLES)
def test_a_relation_holds_of_every_kpi(
    engine: str, relation: str, opened: Callable[[str], Opened]
) -> None:
    assert opened(engine).differences(relation, SAMPLES[engine]) == []
