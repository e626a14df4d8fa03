"""`metrics catalogue` writes every metric with its formula and a real answer, on any project."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.slow

METRICS = """
metrics:
  - name: orders
    label: Orders
    description: Orders by the day on which they were made.
    type: simple
    type_params: {measure: order_count}
    config: {meta: {building_block: true}}
  - name: paid_share
    label: Share paid
    description: Paid orders / all orders.
    type: ratio
    type_params:
      numerator: {name: orders, filter: "{{ Dimension('order__status') }} = 'paid'"}
      denominator: orders
    config:
      meta: {owner: shop_keepers, unit: ratio, version: 2.1.0, grains: [month],
             example: {group_by: [order__status]}}
  - name: growth
    label: Growth
    description: This month's revenue less that of the month before.
    type: derived
    type_params:
      expr: revenue - before
      metrics:
        - revenue
        - {name: revenue, alias: before, offset_window: 1 month}
    config:
      meta: {grains: [month], deprecated: {since: 1.1.0, sunset: 2020-01-31,
             replacement: revenue_to_date, reason: EMEA counts twice}}
  - name: revenue_to_date
    label: Revenue of the month to date
    description: Revenue from the month's first day on.
    type: cumulative
    type_params: {measure: revenue, cumulative_type_params: {grain_to_date: month}}
    config: {meta: {grains: [day]}}
"""


@pytest.fixture
def shop_with_metrics(shop: Path, tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    shutil.copytree(shop, project, symlinks=True)
    definition = project / "models" / "shop.yml"
    measure = "    measures:\n"
    count = "      - {name: order_count, agg: count_distinct, expr: order_id}\n"
    definition.write_text(definition.read_text().replace(measure, measure + count))
    (project / "models" / "more.yml").write_text(METRICS)
    (project / "docs").mkdir()
    (project / "docs" / "metrics.yml").write_text(
        "introduction: What the shop counts.\nend_time: 2024-01-31\n"
    )
    return project


def _section(text: str, heading: str) -> list[str]:
    return text.partition(f"\n### {heading}\n")[2].partition("\n### ")[0].splitlines()


def test_each_metric_with_its_formula_and_answer(
    shop_with_metrics: Path, run_metrics: RunMetrics
) -> None:
    written = run_metrics("catalogue", cwd=shop_with_metrics)
    assert written.returncode == 0, written.stderr
    text = (shop_with_metrics / "docs" / "metrics.md").read_text()
    assert "What the shop counts." in text

    paid = _section(text, "paid_share")
    assert "**Share paid.** Paid orders / all orders." in paid
    assert "- Formula: `orders where order__status = 'paid' / orders`" in paid
    assert "- unit ratio; version 2.1.0; owner shop_keepers" in paid
    assert "$ metrics query --metrics paid_share --group-by order__status" in paid
    assert [line.split() for line in paid if line.startswith("paid ")] == [["paid", "1"]]

    growth = _section(text, "growth")
    assert (
        "**Deprecated** since its version 1.1.0 and there until 2020-01-31; "
        "ask for revenue_to_date instead (EMEA counts twice)." in growth
    )
    assert "- Formula: `revenue - before; before = revenue 1 month before`" in growth
    newest = "--order-by -metric_time__month --end-time 2024-01-31 --limit 3"
    assert f"$ metrics query --metrics growth --group-by metric_time__month {newest}" in growth

    to_date = _section(text, "revenue_to_date")
    assert "- Formula: `sum of amount in orders, month to date`" in to_date
    assert [line.split() for line in to_date if line.startswith("2024-01-3")] == [
        ["2024-01-31", "130.40"],
        ["2024-01-30", "130.40"],
    ]

    # What is there for others has no answer of its own.
    assert not _section(text, "orders")
    block = "| `orders` | Orders by the day on which they were made. "
    assert (
        block + "| `count distinct of order_id in orders` | [more.yml](../models/more.yml) |"
        in text
    )


def test_a_stale_catalogue_is_told(shop_with_metrics: Path, run_metrics: RunMetrics) -> None:
    missing = run_metrics("catalogue", "--check", cwd=shop_with_metrics)
    assert missing.returncode == 1
    assert not (shop_with_metrics / "docs" / "metrics.md").exists()
    assert run_metrics("catalogue", cwd=shop_with_metrics).returncode == 0
    assert run_metrics("catalogue", "--check", cwd=shop_with_metrics).returncode == 0

    more = shop_with_metrics / "models" / "more.yml"
    more.write_text(more.read_text().replace("Paid orders /", "Orders paid /"))
    stale = run_metrics("catalogue", "--check", cwd=shop_with_metrics)
    assert stale.returncode == 1
    assert "docs/metrics.md" in stale.stderr
    assert "run `metrics catalogue`" in stale.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("docs/metrics.yml", "end_time: 2024-01-31", "end_time: soon"), "end_time: a day"),
        (("docs/metrics.yml", "end_time", "ending"), "introduction: words"),
        (("models/more.yml", "example: {group_by", "example: {by"), "paid_share"),
    ],
)
def test_settings_that_cannot_be(
    change: tuple[str, str, str], words: str, shop_with_metrics: Path, run_metrics: RunMetrics
) -> None:
    file, before, after = change
    path = shop_with_metrics / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    refused = run_metrics("catalogue", cwd=shop_with_metrics)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
