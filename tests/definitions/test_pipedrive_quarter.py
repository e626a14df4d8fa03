"""A quarter of Pipedrive deals worked out by hand: a change log with a status, on both engines."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from definitions.test_deal_status import ADDED, built_marts
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from definitions.warehouses import Answer, BuiltProject

# Whoever runs one of these runs all: what they share is built but once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pipedrive_quarter")]

LAST = date(2024, 8, 15)
# Each deal with its owner, its first stage, and what changed after that. 99 is in no list of
# stages, 77 in none of users; 11 is another pipeline's stage with the name of stage 1.
DEALS: dict[int, tuple[str, str, list[tuple[str, str, str]]]] = {
    1: (
        "1",
        "1",
        [("2024-05-03 10:00:00", "stage_id", "2"), ("2024-05-10 10:00:00", "status", "won")],
    ),
    2: ("1", "1", [("2024-05-05 10:00:00", "status", "lost")]),
    3: (
        "1",
        "1",
        [
            ("2024-05-04 10:00:00", "stage_id", "11"),
            ("2024-05-06 10:00:00", "stage_id", "12"),
            ("2024-05-04 10:00:00", "pipeline", "2"),
        ],
    ),
    4: ("1", "99", []),
    5: ("1", "1", [("2024-05-02 10:00:00", "status", "deleted")]),
    # The stage it is in, landed again a second later.
    6: ("1", "1", [("2024-05-01 10:00:01", "stage_id", "1")]),
    7: (
        "1",
        "1",
        [
            ("2024-05-08 10:00:00", "lost_reason", "1"),
            ("2024-05-12 10:00:00", "lost_reason", ""),
            ("2024-05-20 10:00:00", "lost_reason", "Too dear"),
        ],
    ),
    8: ("77", "1", []),
}
TABLES: dict[str, list[list[str]]] = {
    "activity": [
        ["activity_id", "type", "assigned_to_user", "deal_id", "done", "due_to"],
        ["1", "meeting", "1", "1", "true", "2024-05-02 10:00:00"],
    ],
    "activity_types": [["id", "name", "active", "type"], ["1", "Sales Call 1", "Yes", "meeting"]],
    "deal_changes": [
        ["deal_id", "change_time", "changed_field_key", "new_value"],
        *(
            [str(deal), time, key, value]
            for deal, (owner, stage, changes) in DEALS.items()
            for time, key, value in [
                (ADDED, "add_time", ADDED),
                (ADDED, "user_id", owner),
                (ADDED, "stage_id", stage),
                *changes,
            ]
        ),
    ],
    "fields": [
        ["id", "field_key", "name", "field_value_options"],
        ["1", "lost_reason", "Lost reason", '[{"id": 1, "label": "Price"}]'],
        ["2", "dcf558aac1ae4e8c4f849ba5e668430d8df9be12", "My field", ""],
    ],
    "stages": [
        ["stage_id", "stage_name"],
        ["1", "Lead Generation"],
        ["2", "Qualified Lead"],
        ["3", "Needs Assessment"],
        ["11", "Lead Generation"],
        ["12", "Demo"],
    ],
    "users": [["id", "name", "email", "modified"], ["1", "Pia", "", "2024-05-01 00:00:00"]],
}
MAY, JUNE, JULY, AUGUST = (datetime(2024, month, 1) for month in (5, 6, 7, 8))
# 3, 4, 6 and 8 are open, 1 is won, 2 and 7 are lost, 5 is deleted and nowhere.
ANSWERS: list[tuple[str, tuple[str, ...], Answer]] = [
    ("opportunity_count", (), {(): 7}),
    ("open_opportunity_count", (), {(): 4}),
    ("won_count", ("metric_time__fiscal_quarter",), {(MAY,): 1, (None,): 0}),
    ("lost_count", ("metric_time__fiscal_quarter",), {(MAY,): 2, (None,): 0}),
    ("win_rate", (), {(): 1 / 3}),
    ("win_rate", ("owner__owner_name",), {("Pia",): 1 / 3, ("Unknown user 77",): None}),
    ("win_rate_cohort", (), {(): 1 / 7}),
    (
        "stage_win_rate",
        ("stage__stage_name",),
        {("Lead Generation",): 1 / 3, ("Qualified Lead",): 1},
    ),
    ("sales_cycle_days", (), {(): 9}),
    # Nobody knows what the one that is won was worth.
    ("sales_velocity", (), {(): None}),
    ("open_pipeline", (), {(): 0}),
    (
        "open_opportunity_snapshot",
        ("metric_time__month",),
        {(MAY,): 4, (JUNE,): 4, (JULY,): 4, (AUGUST,): 4},
    ),
    # 1, 2; 1; 1, 11, 12; 99; 1; 1; 1.
    ("stage_entries", (), {(): 10}),
    (
        "stage_entries",
        ("stage__stage_name",),
        {
            ("Lead Generation",): 7,
            ("Qualified Lead",): 1,
            ("Demo",): 1,
            ("Unknown stage 99",): 1,
        },
    ),
    (
        "lost_deals",
        ("funnel_event__lost_reason",),
        {(None,): 1, ("Price",): 1, ("Too dear",): 1},
    ),
]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def quarter(
    request: pytest.FixtureRequest,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    data = tmp_path_factory.mktemp("quarter_by_hand")
    for name, rows in TABLES.items():
        with (data / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    directory = tmp_path_factory.mktemp(f"quarter_{request.param}") / "project"
    with closing(built_marts(directory, request.param, data, parsed, postgres_server)) as built:
        yield built


@pytest.mark.parametrize(("metric", "group", "expected"), ANSWERS)
def test_the_quarter_is_as_worked_out_by_hand(
    metric: str, group: tuple[str, ...], expected: Answer, quarter: BuiltProject
) -> None:
    [engine] = quarter.stores
    found = quarter.answer(engine, metric, *group)
    assert {key: value and float(value) for key, value in found.items()} == pytest.approx(expected)


def test_the_pipeline_review_leaves_out_a_crm_without_amounts(quarter: BuiltProject) -> None:
    [store] = quarter.stores.values()
    asked = MetricRequest(saved_query="pipeline_pulse_by_stage")
    assert store.answer(asked).num_rows == 0
