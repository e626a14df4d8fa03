"""Certified metrics of any project are held against what they are known to answer."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.metric_store import open_store
from metrics_store.query.planner import Planner
from metrics_store.review.golden import kept_plans
from metrics_store.review.golden.golden_check import check_golden
from metrics_store.review.golden.golden_update import update_golden
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from environment import RunMetrics
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.metric_store import MetricStore
    from metrics_store.review.golden.drift import Drift

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("golden")]


def _store(market: Path) -> MetricStore:
    return open_store(load_target(market))


def _check(market: Path, *names: str) -> list[Drift]:
    return check_golden(market, _store(market), names)


def _update(market: Path, *names: str) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    renewed = update_golden(market, _store(market), names)
    return [str(path) for path in renewed.files], renewed.added, renewed.dropped


def _define(market: Path, metric: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a metric as a build would that found it changed."""
    path = find_live_warehouse(load_target(market)).artifacts / SEMANTIC_MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    [found] = [one for one in manifest["metrics"] if one["name"] == metric]
    change(found)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _edit(market: Path, old: str, new: str, file: str = "metrics") -> None:
    path = market / "golden" / f"{file}.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_renewing(market: Path) -> None:
    assert [(one.kind, one.metric) for one in _check(market)] == [
        ("missing", "paid_share"),
        ("missing", "revenue"),
        ("missing", "takings"),
    ]
    assert _update(market) == (
        ["golden/metrics.yml", "golden/more.yml"],
        ("paid_share", "revenue", "takings"),
        (),
    )
    assert _check(market) == []
    # The total, the values by time, and the metric's own example.
    text = (market / "golden" / "more.yml").read_text(encoding="utf-8")
    keys = [line for line in text.splitlines() if not line.startswith("      ")]
    assert [line for line in keys if not line.startswith("#")] == [
        "takings:",
        "  - answer: |",
        "  - group_by: [metric_time__month]",
        "    order_by: [-metric_time__month]",
        "    limit: 12",
        "    answer: |",
        "  - group_by: [order__status]",
        "    order_by: [-takings]",
        "    limit: 2",
        "    answer: |",
    ]
    before = {path: path.read_bytes() for path in (market / "golden").iterdir()}
    assert _update(market) == ([], (), ())
    assert {path: path.read_bytes() for path in (market / "golden").iterdir()} == before


def test_changed_rows(market: Path) -> None:
    _update(market)
    with duckdb.connect(str(load_target(market).duckdb_path)) as connection:
        connection.execute("update orders set amount = amount + 1 where status = 'paid'")
    drifts = _check(market, "takings")
    assert [one.question for one in drifts] == [
        "in total",
        "group_by metric_time__month; order_by -metric_time__month; limit 12",
        "group_by order__status; order_by -takings; limit 2",
    ]
    [total] = drifts[0].rows
    assert float(total.new or 0) > float(total.old or 0)
    assert drifts[0].sentence().splitlines()[1] == f"  in total: {total.old} -> {total.new}"
    assert drifts[0].file == "golden/more.yml, line 5"
    assert {one.key[0] for one in drifts[2].rows} == {("order__status", "paid")}
    _update(market, "takings")
    assert _check(market, "takings") == []
    assert _check(market, "revenue")


def test_a_changed_definition(market: Path) -> None:
    _update(market)
    only_paid = {
        "where_filters": [{"where_sql_template": "{{ Dimension('order__status') }} = 'paid'"}]
    }
    _define(market, "takings", lambda metric: metric.update(filter=only_paid))
    drifts = _check(market)
    assert {one.metric for one in drifts} == {"takings"}
    by_status = drifts[-1]
    assert by_status.row_count == 1
    assert {one.kind for one in by_status.rows} >= {"missing"}
    assert "missing" in by_status.sentence()


def test_questions_of_people_stay(market: Path) -> None:
    _update(market)
    question = (
        "revenue:\n"
        "  - note: Why it matters.\n"
        "    group_by: [metric_time__month, order__channel]\n"
        "    where: [order__status = 'paid']\n"
        "    start_time: 2024-02-01\n"
        "    end_time: 2024-02-29\n"
    )
    _edit(market, "revenue:\n", question)
    [drift] = _check(market)
    assert (drift.kind, drift.metric) == ("unanswered", "revenue")
    assert _update(market) == (["golden/metrics.yml"], (), ())
    assert _check(market) == []
    text = (market / "golden" / "metrics.yml").read_text(encoding="utf-8")
    assert question + "    answer: |\n" in text
    assert '"metric_time__month","order__channel","revenue"\n      2024-02-01,' in text


def test_metrics_that_come_go_and_move(market: Path) -> None:
    _update(market)
    _define(market, "takings", lambda metric: metric["config"]["meta"].update(tier="supported"))
    [drift] = _check(market)
    assert (drift.kind, drift.metric, drift.file) == ("stale", "takings", "golden/more.yml")
    assert _update(market) == (["golden/more.yml"], (), ("takings",))
    assert not (market / "golden" / "more.yml").exists()
    (market / "golden" / "metrics.yml").rename(market / "golden" / "others.yml")
    assert [(one.kind, one.metric, one.file) for one in _check(market)] == [
        ("misplaced", "paid_share", "golden/metrics.yml"),
        ("misplaced", "revenue", "golden/metrics.yml"),
    ]
    assert _update(market) == (["golden/metrics.yml", "golden/others.yml"], (), ())
    assert _check(market) == []


def test_what_cannot_be_asked_or_compared(market: Path) -> None:
    _update(market)
    _edit(market, "group_by: [order__status]", "group_by: [order__colour]", "more")
    [drift] = _check(market)
    assert drift.kind == "refused"
    assert "order__colour" in drift.sentence()
    with pytest.raises(MetricsStoreError, match="cannot be asked") as caught:
        _update(market)
    assert "golden/more.yml: takings" in caught.value.where
    _edit(market, "group_by: [order__colour]", "group_by: [order__channel]", "more")
    [drift] = _check(market)
    assert "the columns are order__channel, takings and not order__status" in drift.detail
    _edit(market, '"order__status","takings"', '"order__status"', "more")
    [drift] = _check(market)
    assert "cannot be compared" in drift.sentence()


def test_a_file_that_cannot_be_read(market: Path) -> None:
    _update(market)
    _edit(market, "revenue:\n", "revenue\n")
    before = (market / "golden" / "metrics.yml").read_bytes()
    [drift] = _check(market)
    assert (drift.kind, drift.file) == ("unreadable", "golden/metrics.yml")
    assert "line" in drift.sentence()
    with pytest.raises(MetricsStoreError, match="not YAML"):
        _update(market)
    assert (market / "golden" / "metrics.yml").read_bytes() == before


def test_policies_change_no_golden_value(market: Path) -> None:
    _update(market)
    (market / "access.yml").write_text("policies: []\n", encoding="utf-8")
    assert _check(market) == []


def test_dbt_hands_the_end_of_a_metric_on(market: Path) -> None:
    engine = Engine(load_target(market))
    end = engine.definitions(LOCAL).metric("takings").deprecated
    engine.close()
    assert end is not None
    assert (end.since, end.sunset, end.replacement) == ("1.0.0", dt.date(2027, 1, 31), "revenue")


def test_command(market: Path, run_metrics: RunMetrics) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        ran = run_metrics("golden", "--live", *arguments, cwd=market)
        return ran.returncode, ran.stdout + ran.stderr

    assert run("--update", "revenue") == (0, "added revenue\nwrote golden/metrics.yml\n")
    assert run("revenue") == (0, "the golden values are as they were\n")
    assert run("--update", "revenue") == (0, "the golden values are as they were\n")
    code, said = run()
    assert (code, "golden/more.yml: takings: it has no golden values yet" in said) == (1, True)
    assert "2 golden values are not as they were" in said
    code, said = run("takings_block")
    assert (code, "there is no such certified metric" in said) == (1, True)
    _define(market, "revenue", lambda metric: metric["config"]["meta"].update(tier="supported"))
    assert "dropped revenue" in run("--update")[1]


def test_a_plan_is_made_once_for_a_program(market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _update(market)
    planned: list[str] = []
    plan = Planner.plan

    def counted(planner: Planner, request: MetricRequest) -> str:
        planned.append(repr(request))
        return plan(planner, request)

    monkeypatch.setattr(Planner, "plan", counted)
    assert _check(market) == []
    assert planned == []
    # Other rows are asked all the same.
    with duckdb.connect(str(load_target(market).duckdb_path)) as connection:
        connection.execute("update orders set amount = amount + 1")
    assert {one.metric for one in _check(market)} == {"paid_share", "revenue", "takings"}
    assert planned == []
    monkeypatch.setattr(kept_plans, "program_digest", lambda: "another program")
    assert _check(market)
    made = len(planned)
    assert made == len(set(planned)) > 0
    # Nor does a plan outlive the definitions that it is of.
    _define(market, "takings", lambda metric: metric.update(label="What came in"))
    assert _check(market)
    assert len(planned) == 2 * made
