"""`metrics query` and `metrics list` as a user types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.ipc
import pyarrow.parquet
import pytest

if TYPE_CHECKING:
    from environment import RunMetrics

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


def test_a_table_ends_with_the_metrics_own_total(shop: Path, run_metrics: RunMetrics) -> None:
    asked = ["query", "--metrics", "revenue", "--group-by", "order__status"]
    shown = run_metrics(*asked, "--total", "--limit", "1", cwd=shop).stdout.splitlines()
    assert [line.split() for line in shown] == [
        ["status", "revenue"],
        ["paid", "35.75"],
        ["─" * len(shown[0])],
        ["total", "135.65"],
    ]


def test_names_as_people_say_them(shop: Path, run_metrics: RunMetrics) -> None:
    short = ["query", "revenue", "--by", "status,month", "--order-by=-month,status"]
    whole = [
        *("query", "--metrics", "revenue"),
        *("--group-by", "order__status,metric_time__month"),
        "--order-by=-metric_time__month,order__status",
    ]
    answer = run_metrics(*short, cwd=shop)
    assert answer.stdout == run_metrics(*whole, cwd=shop).stdout
    assert "order__status" in answer.stdout


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


def test_files_and_charts(shop: Path, run_metrics: RunMetrics, tmp_path: Path) -> None:
    asked = ["query", "--metrics", "revenue", "--group-by", "order__status"]
    for form in ("arrow", "parquet", "csv", "xlsx"):
        file = tmp_path / f"answer.{form}"
        done = run_metrics(*asked, "--output", str(file), cwd=shop)
        assert (done.stdout, done.returncode) == ("", 0), done.stderr
    assert pyarrow.ipc.open_stream(tmp_path / "answer.arrow").read_all().num_rows == 2
    assert pyarrow.parquet.read_table(tmp_path / "answer.parquet").num_rows == 2
    assert (tmp_path / "answer.csv").read_text().splitlines()[1] == '"paid",35.75'
    with zipfile.ZipFile(tmp_path / "answer.xlsx") as sheet:
        assert b"<v>35.75</v>" in sheet.read("xl/worksheets/sheet1.xml")
    chart = run_metrics(*asked, "--plot", cwd=shop).stdout.splitlines()
    assert chart[0] == "revenue"
    assert chart[1].startswith("returned ")
    assert chart[1].endswith("99.90")
    assert chart[2].startswith("paid ")


def test_values_of_a_dimension(shop: Path, run_metrics: RunMetrics) -> None:
    values = run_metrics("query", "--group-by", "order__status", "--format", "csv", cwd=shop)
    assert values.stdout.splitlines() == ['"order__status"', '"paid"', '"returned"']


def test_the_next_process_finds_the_plan(
    shop: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    environment = {"XDG_CACHE_HOME": str(tmp_path)}
    asked = ["query", "--metrics", "revenue", "--format", "csv", "--where"]
    first = run_metrics(*asked, "order__status = 'paid'", cwd=shop, env=environment)
    # What is known of roll-ups is kept beside the plans of questions.
    plans = (tmp_path / "metrics-store" / "plans").rglob("*.json")
    [plan] = [one for one in plans if "SUM(" in one.read_text()]
    changed = json.loads(plan.read_text())
    changed["template"] = changed["template"].replace("SUM(", "-SUM(")
    plan.write_text(json.dumps(changed))
    second = run_metrics(*asked, "order__status = 'returned'", cwd=shop, env=environment)
    assert first.stdout.splitlines()[1:] == ["35.75"]
    assert second.stdout.splitlines()[1:] == ["-99.90"]


def test_nobody_asks_where_policies_name_nobody(
    shop: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    closed = tmp_path / "shop"
    shutil.copytree(shop, closed, symlinks=True)
    (closed / "access.yml").write_text("policies: []")
    for asked in (["--metrics", "revenue"], ["--metrics", "revenue", "--explain"]):
        refused = run_metrics("query", *asked, cwd=closed)
        assert refused.returncode == 3
        assert "let nobody at this machine" in refused.stderr
        assert refused.stdout == ""


def test_explain_shows_sql_and_runs_nothing(shop: Path, run_metrics: RunMetrics) -> None:
    shown = run_metrics("query", "--metrics", "revenue", "--explain", cwd=shop)
    assert shown.stdout.startswith("SELECT")
    assert '"orders"' in shown.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["query", "--metrics", "profit"], 1, "profit"),
        (["query"], 2, "--metrics or --saved-query"),
        (["query", "--metrics", "revenue", "--plot", "--format", "csv"], 2, "--format"),
        (["query", "--metrics", "revenue", "--output", "/none/such.csv"], 1, "/none/such.csv"),
        (["query", "--metrics", "revenue", "--output", "answer.doc"], 2, ".xlsx"),
        (
            ["query", "--metrics", "revenue", "--format", "csv", "--output", "answer.xlsx"],
            2,
            "ends like xlsx",
        ),
        (["query", "--metrics", "revenue", "--total"], 2, "--group-by"),
        (["query", "--metrics", "revenue", "--saved-query", "x"], 2, "--metrics or --saved-query"),
        (["query", "--metrics", "revenue", "--target", "moon"], 1, "one of dev, duckdb"),
        (["query", "--metrics", "revenue", "--start-time", "yesterday"], 2, "yesterday"),
        (["query", "--metrics", "revenue", "--where", "reverse(a) = 'x'"], 1, "calls a function"),
        (["query", "--metrics", "revenue", "--where", "order__stat = 'x'"], 1, "order__status"),
        (["query", "--metrics", "revenue", "--where", "1=1) union select 1 --"], 1, "comments"),
        (["query", "--metrics", "revenue", "--where", "order__status = 5"], 1, "like with like"),
        (["list", "revenu"], 1, "perhaps revenue"),
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


def test_a_metric_that_is_not_built_yet_says_so(
    shop: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    project = tmp_path / "shop"
    shutil.copytree(shop, project, symlinks=True)
    (project / "models" / "new.yml").write_text("metrics:\n  - name: returns\n    type: simple\n")
    (project / "access.yml").write_text(
        "policies:\n  - {name: all, to: {users: ['*']}, metrics: [], dimensions: []}\n"
    )
    # What is hidden is unknown, whatever the files say.
    hidden = run_metrics("query", "revenue", cwd=project)
    assert "not built" not in hidden.stderr
    (project / "access.yml").unlink()
    refused = run_metrics("query", "returns", cwd=project)
    assert refused.returncode == 1
    assert "is not built yet" in refused.stderr
    assert f"returns, in {Path('models', 'new.yml')} line 2" in refused.stderr
    assert "there is no such metric" in run_metrics("query", "return", cwd=project).stderr


@pytest.mark.slow
def test_list(shop: Path, run_metrics: RunMetrics) -> None:
    assert run_metrics("list", cwd=shop).stdout.splitlines()[:2] == [
        "Shop",
        f"  {'revenue':<40}  Revenue",
    ]
    found = run_metrics("list", "--search", "revenue", cwd=shop).stdout
    assert found.startswith("revenue ")
    assert "1 metrics;" in run_metrics("list", cwd=shop / "models").stdout
    described = run_metrics("list", "revenue", cwd=shop).stdout
    assert "order__status" in described


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["query", "--metrics", ""], "revenue"),
        (["query", "--metrics", "revenue,rev"], "revenue,revenue"),
        (["query", "--group-by", "order__s"], "order__status"),
        (["query", "revenue", "by", "order__s"], "order__status"),
        (["query", "revenue", "--by", "month,sta"], "month,status"),
        (["query", "--group-by", "order__status,metric_time__mo"], "metric_time__month"),
        (["query", "--saved-query", "rev"], "revenue_by_status"),
        (["list", "rev"], "revenue"),
        (["que"], "query"),
    ],
)
def test_tab_offers_names(
    typed: list[str], offered: str, shop: Path, run_metrics: RunMetrics
) -> None:
    script = run_metrics("completion", "bash", cwd=shop).stdout
    assert "_METRICS_COMPLETE=bash_complete" in script
    environment = {
        "_METRICS_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["metrics", *typed]),
        "COMP_CWORD": str(len(typed)),
    }
    found = run_metrics(cwd=shop, env=environment).stdout.splitlines()
    assert any(line.endswith(offered) for line in found), found


def test_tab_outside_a_project_offers_nothing(tmp_path: Path, run_metrics: RunMetrics) -> None:
    environment = {
        "_METRICS_COMPLETE": "bash_complete",
        "COMP_WORDS": "metrics query --metrics r",
        "COMP_CWORD": "3",
    }
    found = run_metrics(cwd=tmp_path, env=environment)
    assert (found.stdout.strip(), found.stderr) == ("", "")
