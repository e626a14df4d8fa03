"""An answer says where a metric of another time has whole periods of it, and the question parts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")

MONTH, QUARTER, WEEK = "metric_time__month", "metric_time__quarter", "metric_time__week"
OF_A_PART = (
    "fees_growth compares with whole months, and the question leaves out a part of one: ask for "
    "whole months to compare like with like"
)


@pytest.fixture(scope="module")
def engine(bikes: SmallProject, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bikes.environment.items():
            patch.setenv(name, value)
        plans = tmp_path_factory.mktemp("plans")
        target = load_target(bikes.directory, "duckdb")
        opened = Engine(target, EngineSettings(plan_directory=plans))
    yield opened
    opened.close()


def _said(engine: Engine, metric: str, by: str, where: str | None = None) -> str:
    tree = None if where is None else parse_filter(where)
    return " ".join(engine.answer(MetricRequest([metric], [by], where=tree), LOCAL).warnings)


@pytest.mark.parametrize(
    "where",
    [
        "metric_time >= '2024-02-15'",
        "metric_time__day = '2024-02-01'",
        "ride__ride_day > '2024-02-01' and ride__kind = 'city'",
        "not metric_time between '2024-02-01' and '2024-03-01'",
        "metric_time in ('2024-02-01', '2024-02-02')",
        "extract(day from metric_time) < 15",
    ],
)
def test_a_part_of_a_period_beside_a_whole_one_is_told(engine: Engine, where: str) -> None:
    assert OF_A_PART in _said(engine, "fees_growth", MONTH, where)


@pytest.mark.parametrize(
    "where",
    [
        None,
        "ride__kind = 'city'",
        "metric_time >= '2024-02-01' and metric_time < '2024-05-01'",
        "metric_time <= '2024-03-31 23:59:59'",
        "metric_time__month = '2024-02-01'",
        "extract(month from metric_time) in (2, 3)",
    ],
)
def test_of_whole_periods_nothing_is_told(engine: Engine, where: str | None) -> None:
    assert not _said(engine, "fees_growth", MONTH, where)


def test_a_start_and_an_end_are_conditions_too_whatever_plan_there_is(engine: Engine) -> None:
    def said(*days: str) -> tuple[str, ...]:
        start, end = map(dt.datetime.fromisoformat, days)
        request = MetricRequest(["fees_growth"], [MONTH], start_time=start, end_time=end)
        return tuple(engine.answer(request, LOCAL).warnings)

    assert said("2024-02-01", "2024-04-30") == ()
    assert said("2024-02-02", "2024-04-30") == (OF_A_PART,)
    assert said("2024-02-01", "2024-04-29") == (OF_A_PART,)


@pytest.mark.parametrize(
    ("metric", "by", "where", "told"),
    [
        # Months are moved, and no part of one is asked.
        ("fees_growth", QUARTER, "metric_time >= '2024-02-01'", ""),
        ("fees_quarter_before", QUARTER, "metric_time >= '2024-02-01'", "is of whole quarters"),
        ("rides_week_before", WEEK, "metric_time >= '2024-04-03'", "is of whole weeks"),
        ("fees_growth", "metric_time__day", "metric_time >= '2024-04-03'", ""),
        # Days are moved.
        ("rides_10_days_before", MONTH, "metric_time >= '2024-04-03'", ""),
        ("fees", MONTH, "metric_time >= '2024-04-03'", ""),
        (
            "fees_season_before",
            "metric_time__season",
            "metric_time >= '2024-03-05'",
            "is of whole seasons; where the question leaves out days of one",
        ),
    ],
)
def test_the_periods_are_those_that_are_moved(
    engine: Engine, metric: str, by: str, where: str, told: str
) -> None:
    said = _said(engine, metric, by, where)
    assert told in said
    assert bool(said) is bool(told)
