"""dbt's unit tests of the models hold on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.conftest import DEMO_VARIABLES

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("target", ["duckdb", "dev"])
def test_unit_tests_of_the_models(target: str, demo_project: BuiltProject) -> None:
    shown = demo_project.run(
        "dbt",
        "test",
        "--select",
        "test_type:unit",
        "--target",
        target,
        "--target-path",
        f"target_of_unit_tests_on_{target}",
        "--vars",
        DEMO_VARIABLES,
    )
    assert "ERROR=0 SKIP=0" in shown
    assert "PASS=0" not in shown
