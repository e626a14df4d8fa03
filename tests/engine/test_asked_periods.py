"""Periods count from the reference date that the definitions declare, on both engines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.output.table_notices import reference_date_of
from metrics_store.query.spans.period_parser import parse_period
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.client.connection import Connection
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")


@pytest.fixture(scope="module", params=TARGETS)
def asked(request: pytest.FixtureRequest, bikes: SmallProject) -> Iterator[Connection]:
    with ExitStack() as stack:
        yield bikes.connect(stack, request.param)


@pytest.mark.parametrize(
    ("period", "rides"),
    [
        # The newest ride is of 2024-05-31, so that May is over.
        ("last month", 4),
        ("last 2 months", 5),
        ("this quarter", 5),
        ("last quarter", 14),
        ("last 25 days", 1),
        ("last 26 days", 3),
        ("this season", 4),
        ("last season", 12),
        ("2024-02 to 2024-03", 11),
        ("from 2024-04-30", 5),
        ("until 2024-01-31", 3),
    ],
)
def test_rides_of_a_period(asked: Connection, period: str, rides: int) -> None:
    assert asked.query("rides", period=period).rows() == [{"rides": rides}]


def test_each_answer_says_the_reference_date(asked: Connection) -> None:
    newest = dt.date(2024, 5, 31)
    one = asked.query("rides")
    assert one.reference_date == reference_date_of(one.table.schema) == newest
    assert [each.reference_date for each in asked.query_many([{"metrics": "rides"}] * 2)] == [
        *(newest, newest)
    ]
    assert asked.dimension_values("ride__kind").reference_date == newest


def test_several_questions_at_once_have_periods_of_their_own(asked: Connection) -> None:
    questions = [
        {"metrics": metric, "period": period}
        for period in ("last month", "last season")
        for metric in ("rides", "minutes")
    ]
    found = [next(iter(one.rows()[0].values())) for one in asked.query_many(questions)]
    assert found[::2] == [4, 12]
    assert found[1] == 18 + 5 + 66 + 21


def test_what_cannot_be_asked(asked: Connection) -> None:
    with pytest.raises(MetricsStoreError, match="no such period") as error:
        asked.query("rides", period="last 2 moons")
    assert "fortnight" in error.value.expected
    with pytest.raises(MetricsStoreError, match="a period, and a start"):
        asked.query("rides", period="last month", start_time="2024-01-01")
    with pytest.raises(MetricsStoreError, match="no fiscal periods"):
        asked.query("rides", period="FY2024")


def test_without_a_declaration_periods_count_from_today(shop: Path) -> None:
    today = dt.date(2024, 3, 15)
    engine = Engine(load_target(shop), EngineSettings(today=lambda: today))
    try:
        assert engine.reference_date() is None
        assert engine.answer(MetricRequest(["revenue"]), LOCAL).reference_date is None
        request = MetricRequest(["revenue"], period=parse_period("last month"))
        dated = dataclasses.replace(
            request,
            period=None,
            start_time=dt.datetime(2024, 2, 1),
            end_time=dt.datetime(2024, 2, 29),
        )
        assert engine.dated(request) == dated
        assert engine.answer(request, LOCAL).table == engine.answer(dated, LOCAL).table
    finally:
        engine.close()


@pytest.mark.parametrize("column", ["ordered_on; drop table orders", "no_such_column"])
def test_a_declaration_that_cannot_be_read_is_named(changing_shop: Path, column: str) -> None:
    target = load_target(changing_shop)
    file = find_live_warehouse(target).artifacts / SEMANTIC_MANIFEST
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["semantic_models"][0]["config"] = {"meta": {"reference_date": column}}
    file.write_text(json.dumps(manifest), encoding="utf-8")
    engine = Engine(target)
    try:
        with pytest.raises(UnavailableError, match="the reference date cannot be read"):
            engine.reference_date()
        # Who asks for no period is answered all the same.
        assert engine.answer(MetricRequest(["revenue"]), LOCAL).reference_date is None
    finally:
        engine.close()
