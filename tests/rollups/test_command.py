"""`metrics rollups` lists roll-ups, proposes some, and checks tables of the user's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.planner import Planner
from metrics_store.rollups.audit_reader import read_audit_log
from metrics_store.rollups.rollup_suggestions import RollupSuggester, as_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics
    from projects import SmallProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rollup_market")]

NAME = "rollup_orders_by_day"


def _entry(asked: dict[str, object], **more: object) -> str:
    entry = {"action": "answer", "outcome": "ok", "asked": asked, "milliseconds": 5.0, **more}
    return json.dumps(entry)


def _audit_log(directory: Path) -> Path:
    revenue = {"metrics": ["revenue"], "group_by": ["metric_time__week", "order__channel"]}
    paid = {"metrics": ["paid_share"], "group_by": ["metric_time__month"]}
    lines = [
        _entry(revenue, rollups=[NAME]),
        *[_entry(revenue, rollup_reasons=[f"{NAME} has no order__channel"])] * 3,
        _entry(paid),
        _entry({"metrics": ["median_order"]}),
        _entry({"metrics": ["of another time"]}),
        json.dumps({"action": "not_written", "missing": 2}),
        _entry(revenue)[:-7],
    ]
    path = directory / "audit.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_proposals_cover_what_is_asked_most(market: SmallProject, tmp_path: Path) -> None:
    [manifest] = (market.directory / "warehouse").glob(
        "generations/*/target/semantic_manifest.json"
    )
    planner = Planner(read_semantic_manifest(manifest), "duckdb")
    asked = [one.request for one in read_audit_log(_audit_log(tmp_path)) if not one.rollups]
    assert len(asked) == 6
    # Three by week and channel; one by month, whose metric is made of two, one with a filter.
    counted = {"orders": 1000}
    suggester = RollupSuggester(planner, lambda sql: counted["orders"] if "*" in sql else 90)
    text = as_yaml(suggester.suggestions(asked))
    assert "covers 5 of 5 metrics asked of orders; about 90 rows in place of 1,000" in text
    [proposed] = yaml.safe_load(text)["saved_queries"]
    assert proposed["config"] == {"meta": {"rollup": {"grain": "day"}}}
    assert proposed["query_params"] == {
        "metrics": ["revenue", "revenue_paid"],
        "group_by": ["metric_time", "order__channel", "order__status"],
    }
    # A grain that is hardly smaller than the mart gives way to one of fewer names.
    counted["orders"] = 100
    [smaller] = suggester.suggestions(asked)
    assert (smaller.names, smaller.covered) == ((), 1)


def test_the_list_of_rollups(
    rollup_market: SmallProject, tmp_path: Path, run_metrics: RunMetrics
) -> None:
    listed = run_metrics(
        "rollups",
        "--audit-log",
        str(_audit_log(tmp_path)),
        cwd=rollup_market.directory,
        env=rollup_market.environment,
    )
    assert listed.returncode == 0, listed.stderr
    rows = [line.split() for line in listed.stdout.splitlines()]
    assert rows[0] == ["roll-up", "rows", "hits", "misses", "state"]
    assert [NAME, "1", "3", "in", "use"] in [[row[0], *row[2:]] for row in rows]
    explained = run_metrics(
        "query",
        "--metrics",
        "revenue,visits",
        "--explain",
        cwd=rollup_market.directory,
        env=rollup_market.environment,
    )
    assert explained.stdout.startswith(
        "-- from the roll-up rollup_revenue_by_month\n-- no roll-up: no roll-up stores visits\n"
    )


@pytest.mark.slow
def test_a_table_of_the_users_own(changed_market: SmallProject, run_metrics: RunMetrics) -> None:
    file = (changed_market.directory / "warehouse" / "market.duckdb").resolve()
    with duckdb.connect(file) as connection:
        connection.execute(
            "create table mine as select cast(date_trunc('month', ordered_at) as date) as month, "
            "sum(amount) as amount_sum__sum from orders group by all"
        )
        connection.execute("create table others as select month, 1.5 as amount_sum__sum from mine")

    def register(table: str, *more: str) -> tuple[str, str]:
        done = run_metrics(
            "rollups",
            "register",
            "revenue_by_month",
            "--table",
            table,
            *more,
            cwd=changed_market.directory,
            env=changed_market.environment,
        )
        return done.stdout, done.stderr

    column = ("--column", "metric_time__month=month")
    assert yaml.safe_load(register("main.mine", *column)[0])["config"]["meta"]["rollup"] == {
        "table": "main.mine",
        "columns": {"metric_time__month": "month"},
    }
    for table, more, said in (
        ("main.mine", (), "it has no column metric_time__month"),
        ("main.others", column, "it does not have the rows that its marts give now"),
        ("main.none", column, "it is not there"),
        ("main.mine", ("--column", "month"), "expected: NAME=COLUMN"),
    ):
        assert said in register(table, *more)[1]
