"""The alerts say what follows from the metrics, at the usual thresholds and at others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

from definitions.comparing import with_plain_days
from definitions.conftest import FISCAL_YEAR_START_MONTH
from definitions.warehouses import Answer, BuiltProject
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.warehouse.postgres.postgres_connection import connect
from oracle.periods import months_before, periods
from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt

pytestmark = pytest.mark.xdist_group("demo")

ALERTS = (
    "leads_down",
    "funnel_step_down",
    "no_new_data",
    "funnel_rate_below_floor",
    "pipeline_coverage_below_target",
)
TO_NEGOTIATION = "proposal_quote_preparation_to_negotiation_rate"
TO_CALL_1 = "qualified_lead_to_sales_call_1_rate"
# The counts that a rate is made of.
PARTS = {
    TO_NEGOTIATION: ("negotiation_first_entries", "proposal_quote_preparation_first_entries"),
    TO_CALL_1: ("sales_call_1_first_entries", "qualified_lead_first_entries"),
}
Row = tuple[str, str, date, float, float]


@dataclass(frozen=True)
class Settings:
    """The vars of a run; the marts stay those of the demo's last day."""

    source_dt: date = LAST_DAY
    leads_drop: float = 0.2
    step_drop: float = 0
    days: int = 7
    floors: dict[str, float] = field(default_factory=lambda: {TO_NEGOTIATION: 0.5})
    target: float = 3

    def variables(self) -> str:
        return yaml.safe_dump(
            {
                "source_dt": str(self.source_dt),
                "fiscal_year_start_month": FISCAL_YEAR_START_MONTH,
                "alert_leads_drop": self.leads_drop,
                "alert_funnel_step_drop": self.step_drop,
                "alert_days_without_data": self.days,
                "alert_rate_floors": self.floors,
                "alert_pipeline_coverage_target": self.target,
            }
        )


USUAL = Settings()
# Ten days later nothing has come, and December is over.
STRICT = Settings(
    LAST_DAY + timedelta(days=10), 0.05, 0.1, 10, {TO_NEGOTIATION: 0.9, TO_CALL_1: 0.3}, 50
)
LENIENT = Settings(LAST_DAY + timedelta(days=10), 1, 1, 11, {}, 0)


def _last_full_month(settings: Settings) -> date:
    """Give the last month that is over: on its last day it is."""
    return months_before((settings.source_dt + timedelta(days=1)).replace(day=1), 1)


def _falls(settings: Settings, counts: Answer) -> dict[Any, float]:
    """Give the growth of each step from the month before the last full one to that."""
    month = _last_full_month(settings)
    before = {
        step: deals for (first, step), deals in counts.items() if first == months_before(month, 1)
    }
    return {
        step: (counts.get((month, step), 0) - deals) / deals
        for step, deals in before.items()
        if deals
    }


def _expected(settings: Settings, project: BuiltProject, engine: str) -> set[Row]:
    """Work the alerts out of plain counts and sums."""

    def ask(metric: str, *group_by: str) -> Answer:
        return with_plain_days(project.answer(engine, metric, *group_by))

    month = _last_full_month(settings)
    rows: set[Row] = set()
    deals = ask("funnel_deals", "metric_time__month", "funnel_event__kpi_name")
    falls = _falls(settings, deals)
    for step, fall in falls.items():
        if step != "Lost" and fall < -settings.step_drop:
            rows.add(("funnel_step_down", step, month, fall, -settings.step_drop))
    if (fall := falls["Lead Generation"]) < -settings.leads_drop:
        rows.add(("leads_down", "Lead Generation", month, fall, -settings.leads_drop))

    days = ask("funnel_deals", "funnel_event__crm_source", "metric_time__day")
    newest = {crm: max(day for source, day in days if source == crm) for crm, _ in days}
    for crm, day in newest.items():
        if (age := (settings.source_dt - day).days) >= settings.days:
            rows.add(("no_new_data", str(crm), settings.source_dt, age, settings.days))

    for rate, floor in settings.floors.items():
        above, below = (ask(part, "metric_time__month").get((month,), 0) for part in PARTS[rate])
        if below and above / below < floor:
            rows.add(("funnel_rate_below_floor", rate, month, above / below, floor))

    tomorrow = midnight(settings.source_dt + timedelta(days=1))
    quarter = periods(FISCAL_YEAR_START_MONTH)["fiscal_quarter"](tomorrow)
    pipeline, quota, won = (
        float(ask(metric, "metric_time__fiscal_quarter").get((quarter,)) or 0)
        for metric in ("open_pipeline", "quota", "won_revenue")
    )
    missing = max(quota - won, 0.05 * quota)
    if quota > won and (coverage := pipeline / missing) < settings.target:
        name = "pipeline_coverage_below_target"
        rows.add((name, "organization", quarter, coverage, settings.target))
    return rows


def _stored(project: BuiltProject, engine: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for alert in ALERTS:
        if engine == "duckdb":
            path = project.project / "warehouse" / "sales_pipeline.duckdb"
            with duckdb.connect(str(path), read_only=True) as connection:
                rows += connection.execute(f"select * from alerts.{alert}").fetchall()
        else:
            with connect(project.targets[engine]) as other:
                rows += other.execute(f"select * from dev_alerts.{alert}".encode()).fetchall()
    return rows


def _check(rows: list[tuple[Any, ...]], expected: set[Row], kinds: set[str]) -> None:
    found = sorted(row[:5] for row in rows)
    assert [row[:3] for row in found] == sorted(row[:3] for row in expected)
    for one, other in zip(found, sorted(expected), strict=True):
        assert one[3:] == pytest.approx(other[3:], rel=1e-9)
    assert all(row[5] for row in rows), "a row without a message"
    assert {row[0] for row in rows} == kinds


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_alerts_follow_from_the_metrics(
    engine: str,
    demo_project: BuiltProject,
    broken_project: BuiltProject,
    demo_dbt: dict[str, ForkedDbt],
) -> None:
    """The build's own rows first; then the strict thresholds find all kinds, the lenient none."""
    target = demo_project.targets[engine]
    usual = _expected(USUAL, demo_project, engine)
    kinds = {row[0] for row in usual}
    assert "funnel_step_down" in kinds
    _check(_stored(demo_project, engine), usual, kinds)
    # The copy has a DuckDB file of its own; PostgreSQL's tables nobody else reads.
    copy = BuiltProject(broken_project.project, demo_project.environment, {engine: target})
    for settings, found in ((STRICT, set(ALERTS)), (LENIENT, set())):
        demo_dbt[engine].run(
            "test",
            "--select",
            "tag:alert",
            "--target",
            target.name,
            "--target-path",
            f"target_{engine}",
            "--vars",
            settings.variables(),
            project=copy.project,
        )
        _check(_stored(copy, engine), _expected(settings, demo_project, engine), found)


@pytest.mark.slow
def test_messages_say_what_is_wrong(
    broken_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    demo_dbt["duckdb"].run(
        "test",
        "--select",
        "tag:alert",
        "--vars",
        STRICT.variables(),
        project=broken_project.project,
    )
    shown = " ".join(broken_project.run("metrics", "alerts").split())
    assert "pipedrive: no new data for 10 days, the newest is of 2024-12-31" in shown
    assert "% fewer deals in 2024-12 than in the month before" in shown
    assert f"{TO_CALL_1}: 8.7 % in 2024-12, the floor is 30.0 %" in shown
    assert "times what is missing to the quota, the target is 50.00" in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("floors", "words"),
    [
        ({"win_rat": 0.5}, "var alert_rate_floors names win_rat; expected one of"),
        ({TO_NEGOTIATION: "half"}, "var alert_rate_floors has half for"),
        ("half", "var alert_rate_floors is half; expected a mapping"),
    ],
)
def test_floors_that_are_none(
    floors: object, words: str, broken_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    variables = yaml.safe_dump({"source_dt": str(LAST_DAY), "alert_rate_floors": floors})
    with pytest.raises(AssertionError, match=words):
        demo_dbt["duckdb"].run(
            "test",
            "--select",
            "funnel_rate_below_floor",
            "--vars",
            variables,
            project=broken_project.project,
        )
