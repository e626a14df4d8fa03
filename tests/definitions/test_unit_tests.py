"""dbt's unit tests of the models hold on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.conftest import DEMO_VARIABLES

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt
    from definitions.warehouses import BuiltProject


@pytest.mark.slow
@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_unit_tests_of_the_models(
    engine: str, demo_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    shown = demo_dbt[engine].run(
        "test",
        "--select",
        "test_type:unit",
        "--target",
        demo_project.targets[engine].name,
        "--target-path",
        f"target_of_unit_tests_on_{engine}",
        "--vars",
        DEMO_VARIABLES,
    )
    assert "ERROR=0 SKIP=0" in shown
    assert "PASS=0" not in shown
