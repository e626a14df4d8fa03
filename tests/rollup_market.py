"""The market with roll-ups, built once a test process on both engines."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from projects import MARKET_PROJECT, build_small_project

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from projects import SmallProject

DECLARED = """
saved_queries:
  - name: orders_by_day
    description: Orders of each month by region, with what they are filtered by.
    query_params:
      metrics: [revenue, average_order, paid_share, largest_order, smallest_order, orders_paid,
        orders_placed, web_share]
      group_by: ["TimeDimension('metric_time', 'month')", "Dimension('customer__region')"]
    config: {meta: {rollup: {grain: day}}}
  - name: orders_for_exports
    description: The same, for exports alone.
    query_params:
      metrics: [revenue, average_order, paid_share, largest_order, smallest_order, orders_paid,
        orders_placed, web_share]
      group_by: ["TimeDimension('metric_time', 'month')", "Dimension('customer__region')"]
    config: {meta: {rollup: {grain: day, for: exports}}}
  - name: buyers_by_day
    description: Who buys in which region, and whose agent has which team.
    query_params:
      metrics: [buyers, revenue]
      group_by: ["TimeDimension('metric_time', 'day')", "Entity('customer')",
        "Dimension('customer__region')", "Dimension('agent__team', entity_path=['customer'])"]
    config: {meta: {rollup: true}}
  - name: revenue_by_month
    description: Nothing but months.
    query_params:
      metrics: [revenue]
      group_by: ["TimeDimension('metric_time', 'month')"]
    config: {meta: {rollup: true}}
  - name: stock_by_day
    description: What lies on the shelves, and who visits.
    query_params:
      metrics: [stock, stock_at_start, stock_of_apples]
      group_by: ["TimeDimension('metric_time', 'day')", "Dimension('shelf_day__store')"]
    config: {meta: {rollup: true}}
"""


def build_rollup_market(
    directory: Path, server: dict[str, Any], command: Path, engines: Collection[str]
) -> SmallProject:
    """Build the market with its roll-ups generated."""
    source = directory / "source" / "market_project"
    shutil.copytree(MARKET_PROJECT, source)
    (source / "models" / "rollups.yml").write_text(DECLARED)
    written = subprocess.run(
        [command, "exports"], cwd=source, capture_output=True, text=True, check=False
    )
    assert written.returncode == 0, written.stderr
    shutil.rmtree(source / "target")
    return build_small_project(source, directory, server, command, engines)
