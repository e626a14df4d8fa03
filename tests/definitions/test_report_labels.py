"""The labels of reports on their edges, where the demo has no rows, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

# What the macro is given, and what it says.
LABELS = {
    "bottleneck_level('cast(30.001 as double precision)')": "High",
    "bottleneck_level('cast(30 as double precision)')": "Medium",
    "bottleneck_level('cast(15 as double precision)')": "Low",
    "bottleneck_level('cast(7 as double precision)')": "None",
    "bottleneck_level('cast(0 as double precision)')": "None",
    "bottleneck_level('cast(null as double precision)')": "Unknown",
    "forecast_quality('1.0', 'cast(0.1 as double precision)')": "Excellent",
    "forecast_quality('1.0', 'cast(0.2 as double precision)')": "Good",
    "forecast_quality('1.0', 'cast(0.3 as double precision)')": "Fair",
    "forecast_quality('1.0', 'cast(0.301 as double precision)')": "Poor",
    "forecast_quality('1.0', 'cast(null as double precision)')": "Unknown",
    "forecast_quality('0.0', '0.1')": "Unknown",
    "forecast_quality('-1.0', '0.1')": "Unknown",
    "forecast_quality('cast(null as double precision)', '0.1')": "Unknown",
    "forecast_risk('100.0', '150.1')": "High",
    "forecast_risk('100.0', '150.0')": "Medium",
    "forecast_risk('100.0', '130.0')": "Low",
    "forecast_risk('100.0', '100.0')": "Low",
    "forecast_risk('100.0', 'cast(null as double precision)')": "Unknown",
    "forecast_risk('0.0', '1.0')": "Unknown",
    "forecast_risk('-100.0', '-50.0')": "Unknown",
    "forecast_risk('cast(null as double precision)', '1.0')": "Unknown",
    "slippage_level('cast(0.301 as double precision)')": "High",
    "slippage_level('cast(0.3 as double precision)')": "Medium",
    "slippage_level('cast(0.15 as double precision)')": "Low",
    "slippage_level('cast(0 as double precision)')": "Low",
    "slippage_level('cast(null as double precision)')": "Unknown",
    "percent_text('cast(0.125 as double precision)')": "13 %",
    "percent_text('cast(0.285 as double precision)')": "29 %",
    "whole_number_text('cast(-2.5 as double precision)')": "-3",
    "quarter_label('cast(\\'2024-12-31\\' as timestamp)')": "Q4 2024",
    "month_label('cast(\\'2024-12-31\\' as timestamp)')": "Dec 2024",
    "month_label('cast(\\'2025-01-01\\' as date)')": "Jan 2025",
    "slice_label('cast(null as text)')": "(none)",
}


@BOTH
def test_labels_on_their_edges(
    engine: str, demo_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    columns = ", ".join(f"{{{{ {call} }}}} as label_{place}" for place, call in enumerate(LABELS))
    shown = demo_dbt[engine].run(
        "--quiet",
        "show",
        "--inline",
        f"select {columns}",
        "--output",
        "json",
        "--target",
        demo_project.targets[engine].name,
        "--target-path",
        f"target_of_show_on_{engine}",
        METRICS_STORE_DUCKDB_ACCESS_MODE="read_only",
    )
    [row] = json.loads(shown)["show"]
    found = {call: row[f"label_{place}"] for place, call in enumerate(LABELS)}
    assert found == LABELS
