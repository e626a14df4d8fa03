"""MetricFlow's own validation, against the built warehouse: every expression runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_every_definition_is_valid_in_the_warehouse(demo_project: BuiltProject) -> None:
    shown = demo_project.run("mf", "validate-configs", "--show-all")
    for kind in ("semantic models", "dimensions", "entities", "measures", "metrics"):
        assert f"Successfully validated {kind} against data warehouse" in shown
    assert shown.count("(ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: ") == 6
    # MetricFlow itself gives cumulative metrics a metric beside their measure, then warns of it.
    own = shown.count("should not have both a measure and a metric as inputs")
    assert shown.count("• WARNING:") == own
