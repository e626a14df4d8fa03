"""Pipedrive deals whose status says what became of them, worked out by hand, on both engines."""

from __future__ import annotations

import csv
import shutil
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from definitions.engines import ENGINES
from definitions.warehouses import Answer, BuiltProject, copy_definitions, postgres_variables
from metrics_store.project.artifacts import artifacts_directory
from oracle import Oracle
from oracle.reading import read_csv_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Whoever runs one of these runs all: what they share is built but once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deals")]

LAST = date(2024, 8, 15)
VARIABLES = (
    f"{{source_dt: '{LAST}', fiscal_year_start_month: 2, fewest_closed_for_stage_win_rate: 1}}"
)
# What the questions below read.
MARTS = (
    "dim_days",
    "dim_owners",
    "dim_stages",
    "fct_activities",
    "fct_funnel_events",
    "fct_opportunities",
    "fct_opportunity_snapshots",
    "fct_stage_entries",
    "fct_stage_outcomes",
    "time_spine_daily",
    "time_spine_monthly",
)
# What must hold of them whatever became of a deal.
COMPLETENESS = (
    "daily_entries_add_up",
    "funnel_is_complete",
    "funnel_losses_are_complete",
    "stage_win_rates_equal_the_metric",
)
ADDED = "2024-05-01 10:00:00"
# Each deal: what changed after it was added to stage 1 by user 1.
DEALS: dict[int, list[tuple[str, str, str]]] = {
    1: [("2024-05-03 10:00:00", "stage_id", "2"), ("2024-05-10 10:00:00", "status", "won")],
    2: [("2024-05-05 10:00:00", "status", "lost")],
    # No status of its own: the lost reason says it. Lost, opened again, lost again.
    3: [
        ("2024-05-08 10:00:00", "lost_reason", "1"),
        ("2024-05-12 10:00:00", "lost_reason", ""),
        ("2024-05-20 10:00:00", "lost_reason", "Too dear"),
    ],
    4: [("2024-05-02 10:00:00", "status", "deleted")],
    # The stage it is in, landed again a second later.
    5: [("2024-05-01 10:00:01", "stage_id", "1")],
    # A reason on a deal that stays open is no loss; it is won later.
    6: [("2024-05-04 10:00:00", "lost_reason", "1"), ("2024-06-01 10:00:00", "status", "Won")],
    # Lost, deleted, and brought back; opened again; a status that nobody knows.
    7: [
        ("2024-05-05 10:00:00", "status", "lost"),
        ("2024-05-06 10:00:00", "status", "deleted"),
        ("2024-05-07 10:00:00", "status", "lost"),
        ("2024-05-09 10:00:00", "stage_id", "2"),
        ("2024-07-31 23:59:59", "status", "open"),
        ("2024-08-01 10:00:00", "status", "archived"),
    ],
}
TABLES: dict[str, list[list[str]]] = {
    "activity": [
        ["activity_id", "type", "assigned_to_user", "deal_id", "done", "due_to"],
        ["1", "meeting", "1", "1", "true", "2024-05-02 10:00:00"],
        ["2", "meeting", "1", "4", "true", "2024-05-02 11:00:00"],
    ],
    "activity_types": [["id", "name", "active", "type"], ["1", "Sales Call 1", "Yes", "meeting"]],
    "deal_changes": [
        ["deal_id", "change_time", "changed_field_key", "new_value"],
        *(
            [str(deal), time, key, value]
            for deal, changes in DEALS.items()
            for time, key, value in [
                (ADDED, "add_time", ADDED),
                (ADDED, "user_id", "1"),
                (ADDED, "stage_id", "1"),
                *changes,
            ]
        ),
    ],
    "fields": [
        ["id", "field_key", "name", "field_value_options"],
        ["1", "lost_reason", "Lost reason", '[{"id": 1, "label": "Price"}]'],
    ],
    "stages": [["stage_id", "stage_name"], ["1", "Lead Generation"], ["2", "Qualified Lead"]],
    "users": [["id", "name", "email", "modified"], ["1", "Pia", "", "2024-05-01 00:00:00"]],
}
MAY, JUNE, JULY, AUGUST = (datetime(2024, month, 1) for month in (5, 6, 7, 8))
# (metric, group-by) and its values, by hand. Deal 4 is deleted and nowhere.
ANSWERS: list[tuple[str, tuple[str, ...], Answer]] = [
    ("opportunity_count", (), {(): 6}),
    ("won_count", ("metric_time__month",), {(MAY,): 1, (JUNE,): 1, (None,): 0}),
    ("lost_count", ("metric_time__month",), {(MAY,): 2, (JUNE,): 0, (None,): 0}),
    ("open_opportunity_count", (), {(): 2}),
    ("win_rate", (), {(): 2 / 4}),
    ("win_rate", ("metric_time__month",), {(MAY,): 1 / 3, (JUNE,): 1, (None,): None}),
    ("win_rate_cohort", (), {(): 2 / 6}),
    ("win_rate_score", (), {(): 25}),
    (
        "stage_win_rate",
        ("stage__stage_name",),
        {("Lead Generation",): 2 / 4, ("Qualified Lead",): 1},
    ),
    # 9 and 31 days.
    ("sales_cycle_days", (), {(): 20}),
    # At the ends of the months: deals 5 and 6; 5; 5 and 7.
    (
        "open_opportunity_snapshot",
        ("metric_time__month",),
        {(MAY,): 2, (JUNE,): 1, (JULY,): 2, (AUGUST,): 2},
    ),
    # One a deal, and deal 1's second. Deal 7 was put into stage 2 when it was closed.
    ("stage_entries", (), {(): 7}),
    ("lost_deals", (), {(): 3}),
    (
        "lost_deals",
        ("funnel_event__lost_reason",),
        {(None,): 2, ("Price",): 1, ("Too dear",): 1},
    ),
    # The call with the deleted deal was made, and is of no deal.
    ("activities_completed", (), {(): 2}),
    ("deals_worked", (), {(): 1}),
    (
        "funnel_deals",
        ("funnel_event__funnel_step",),
        {("1",): 6, ("2",): 1, ("2.1",): 1, ("Lost",): 3},
    ),
]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("deal_status")
    for name, rows in TABLES.items():
        with (data / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return data


def built_marts(
    directory: Path, engine: str, landed: Path, parsed: Path, server: dict[str, Any]
) -> BuiltProject:
    """Give the project with these deals, built up to the marts on one engine."""
    built = BuiltProject(copy_definitions(directory), postgres_variables(server))
    target = ENGINES[engine][0]
    built.load(parsed, {"pipedrive": landed}, target)
    marts = [f"+{mart}" for mart in MARTS]
    chosen = ("--select", *marts, *COMPLETENESS, "--indirect-selection", "empty")
    built.run("dbt", "build", "--target", target, "--vars", VARIABLES, *chosen)
    # Where `metrics build` leaves what readers of this target look for.
    own = artifacts_directory(built.target(target))
    own.mkdir(parents=True, exist_ok=True)
    shutil.copy(directory / "target" / "semantic_manifest.json", own)
    built.open(engine)
    return built


@pytest.fixture(scope="module", params=ENGINES)
def deals(
    request: pytest.FixtureRequest,
    landed: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp(f"deals_{request.param}") / "project"
    with closing(built_marts(directory, request.param, landed, parsed, postgres_server)) as built:
        yield built


def _answer(deals: BuiltProject, metric: str, group: tuple[str, ...]) -> Answer:
    [engine] = deals.stores
    return deals.answer(engine, metric, *group)


@pytest.mark.parametrize(("metric", "group", "expected"), ANSWERS)
def test_a_status_says_what_became_of_a_deal(
    metric: str, group: tuple[str, ...], expected: Answer, deals: BuiltProject
) -> None:
    found = _answer(deals, metric, group)
    assert {key: value and float(value) for key, value in found.items()} == pytest.approx(expected)


@pytest.mark.parametrize("metric", ["stage_entries", "funnel_deals", "lost_deals", "deals_worked"])
def test_equals_the_oracle(metric: str, deals: BuiltProject, landed: Path) -> None:
    oracle = Oracle(read_csv_directory(landed), LAST, fiscal_year_start_month=2)
    assert _answer(deals, metric, ()) == oracle.value(metric)
