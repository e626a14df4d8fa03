"""What MetricFlow answers rightly is planned as MetricFlow plans it, to the letter."""

from __future__ import annotations

import datetime as dt

import pytest

from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from metrics_store.query.plans.plan_builder import build_plan
from query.corrections.manifests import EUROPE, PlainPlanner, manifest, plan

UNTIL = "{{ TimeDimension('metric_time', 'day') }} <= '2024-03-10'"
QUESTIONS = [
    ("flows", "", ""),
    ("flows", "metric_time__month balance__region", f"{EUROPE} and {UNTIL}"),
    ("flows", "account__country", f"{EUROPE} or {UNTIL}"),
    ("flows_everywhere", "metric_time__day", EUROPE),
    ("last", "", ""),
    ("last", "balance__region", ""),
    ("last first last_of_account flows", "metric_time__month account__country", ""),
    ("last", "metric_time__month", UNTIL),
    ("last", "metric_time__ten_days", ""),
    ("last", "metric_time__week", ""),
    ("last", "metric_time__day metric_time__month", ""),
    ("last_made", "metric_time__month balance__made__month", ""),
    ("rolling_last", "metric_time__day balance__region", f"{EUROPE} and {UNTIL}"),
    ("rolling_average", "metric_time__month balance__region", EUROPE),
    ("ever_last", "metric_time__month balance__region", f"{EUROPE} or {UNTIL}"),
    ("ever_last", "balance__region", EUROPE),
    ("month_to_date_last", "metric_time__month balance__region", EUROPE),
    ("flows_month_before", "metric_time__month", EUROPE),
    ("flows_month_before", "metric_time__day", UNTIL),
    ("flows_week_before", "metric_time__month", ""),
    ("flows_of_month_start", "metric_time__month", ""),
    ("mean", "metric_time__month balance__region", EUROPE),
]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_same_text(dialect: str) -> None:
    plain = PlainPlanner(manifest(), dialect)
    ours = Planner(manifest(), dialect, optimise=False)
    for question in QUESTIONS:
        for times in ({}, {"start": dt.datetime(2024, 2, 1), "end": dt.datetime(2024, 2, 29)}):
            if times and question[0] == "ever_last" and "metric_time" not in question[1]:
                continue
            assert plan(ours, *question, **times) == plan(plain, *question, **times), question


def test_a_question_that_is_not_answered_rightly_differs() -> None:
    plain, ours = PlainPlanner(manifest(), "duckdb"), Planner(manifest(), "duckdb")
    question = "last", "metric_time__month", EUROPE
    assert plan(ours, *question) != plan(plain, *question)


def test_a_plan_made_for_all_values_is_the_plan_of_each() -> None:
    planner = Planner(manifest(), "duckdb")
    for metric in ("last", "rolling_last", "rolling_month_before", "last_month_before"):
        for where in (None, f"{EUROPE} and {UNTIL}"):
            for end in (None, dt.datetime(2024, 2, 29)):
                request = MetricRequest(
                    metrics=[metric],
                    group_by=["metric_time__month", "balance__region"],
                    where=None if where is None else parse_filter(where),
                    start_time=end and dt.datetime(2024, 2, 1),
                    end_time=end,
                )
                assert build_plan(planner, request).fill(request, {}) == planner.plan(request)
