"""`metrics query` and `metrics list` as a user types them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import RunMetrics

pytestmark = pytest.mark.xdist_group("shop")


def test_query_in_each_format(shop: Path, run_metrics: RunMetrics) -> None:
    asked = [
        "query",
        "--metrics",
        "revenue",
        "--group-by",
        "order__status",
        "--order-by",
        "revenue",
    ]
    table = run_metrics(*asked, cwd=shop)
    assert table.stdout.splitlines()[0].split() == ["order__status", "revenue"]
    assert [line.split() for line in table.stdout.splitlines()[1:]] == [
        ["paid", "35.75"],
        ["returned", "99.90"],
    ]
    rows = csv.DictReader(io.StringIO(run_metrics(*asked, "--format", "csv", cwd=shop).stdout))
    assert [row["order__status"] for row in rows] == ["paid", "returned"]
    assert json.loads(run_metrics(*asked, "--format", "json", cwd=shop).stdout) == [
        {"order__status": "paid", "revenue": 35.75},
        {"order__status": "returned", "revenue": 99.9},
    ]


def test_where(shop: Path, run_metrics: RunMetrics) -> None:
    asked = ["query", "--metrics", "revenue", "--format", "csv", "--where"]
    paid = "{{ Dimension('order__status') }} = 'paid'"
    january = "metric_time < '2024-02-01'"
    for filters, revenue in [
        ([paid], "35.75"),
        ([paid, "--where", january], "30.50"),
        ([f"{paid} and {january}"], "30.50"),
        ([f"not ({paid}) or order = 4"], "105.15"),
    ]:
        answer = run_metrics(*asked, *filters, cwd=shop)
        assert answer.stdout.splitlines()[1:] == [revenue], answer.stderr
    saved = run_metrics(
        "query", "--saved-query", "revenue_by_status", "--where", january, cwd=shop
    ).stdout
    assert len(saved.splitlines()) == 3


def test_explain_shows_sql_and_runs_nothing(shop: Path, run_metrics: RunMetrics) -> None:
    shown = run_metrics("query", "--metrics", "revenue", "--explain", cwd=shop)
    assert shown.stdout.startswith("SELECT")
    assert '"orders"' in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["query", "--metrics", "profit"], 1, "profit"),
        (["query"], 2, "--metrics or --saved-query"),
        (["query", "--metrics", "revenue", "--saved-query", "x"], 2, "--metrics or --saved-query"),
        (["query", "--metrics", "revenue", "--target", "moon"], 1, "one of dev, duckdb"),
        (["query", "--metrics", "revenue", "--start-time", "yesterday"], 2, "yesterday"),
        (["query", "--metrics", "revenue", "--where", "lower(a) = 'x'"], 1, "calls a function"),
        (["query", "--metrics", "revenue", "--where", "order__stat = 'x'"], 1, "order__status"),
        (["query", "--metrics", "revenue", "--where", "1=1) union select 1 --"], 1, "comments"),
        (["query", "--metrics", "revenue", "--where", "order__status = 5"], 1, "like with like"),
        (["list", "profit"], 1, "no metric named profit"),
    ],
)
def test_mistakes_get_words_and_no_traceback(
    arguments: list[str], code: int, word: str, shop: Path, run_metrics: RunMetrics
) -> None:
    refused = run_metrics(*arguments, cwd=shop)
    assert refused.returncode == code
    assert word in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_outside_a_project(tmp_path: Path, run_metrics: RunMetrics) -> None:
    refused = run_metrics("list", cwd=tmp_path)
    assert refused.returncode == 1
    assert "not inside a dbt project" in refused.stderr


def test_list(shop: Path, run_metrics: RunMetrics) -> None:
    assert "revenue" in run_metrics("list", cwd=shop).stdout
    assert "1 metrics;" in run_metrics("list", cwd=shop / "models").stdout
    described = run_metrics("list", "revenue", cwd=shop).stdout
    assert "order__status" in described
