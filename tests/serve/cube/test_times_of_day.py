"""Times that are known by the hour, and a reference date that the project declares."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.access.principal import LOCAL
from projects import BIKES_PROJECT, TARGETS
from serve.cube.conftest import CubeServer, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")

_RIDE = re.compile(r"\((\d+), .*?'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'")
# By the hour, as they are known.
RIDES = {
    int(number): dt.datetime.fromisoformat(text).replace(minute=0, second=0)
    for number, text in _RIDE.findall((BIKES_PROJECT / "models" / "rides.sql").read_text())
}
TIME, STARTED, RIDE = "rides.metric_time", "rides.ride__started_at", "rides.ride"


@pytest.fixture(scope="module", params=TARGETS)
def bike_cube(request: pytest.FixtureRequest, bikes: SmallProject) -> Iterator[CubeServer]:
    with opened(bikes, TARGETS[request.param]) as server:
        yield server


def kept(server: CubeServer, **query: Any) -> set[int]:  # noqa: ANN401
    rows = server.rows(measures=["rides.rides_by_the_hour"], dimensions=[RIDE], **query)
    return {int(row[RIDE]) for row in rows}


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("member", [TIME, STARTED])
@pytest.mark.parametrize(
    ("operator", "values", "holds"),
    [
        ("beforeDate", ["2024-02-29"], lambda at: at.date() < day("2024-02-29")),
        ("beforeOrOnDate", ["2024-02-29"], lambda at: at.date() <= day("2024-02-29")),
        ("afterDate", ["2024-02-29"], lambda at: at.date() > day("2024-02-29")),
        ("afterOrOnDate", ["2024-02-29"], lambda at: at.date() >= day("2024-02-29")),
        ("onTheDate", ["2024-02-29"], lambda at: at.date() == day("2024-02-29")),
        ("notInDateRange", ["2024-02-29"], lambda at: at.date() != day("2024-02-29")),
        ("inDateRange", ["2024-01-31", "2024-02-29"],
         lambda at: day("2024-01-31") <= at.date() <= day("2024-02-29")),
        ("inDateRange", ["2024-01-31T09:00:00.000", "2024-01-31T22:59:59.999"],
         lambda at: moment("2024-01-31T09:00") <= at < moment("2024-01-31T23:00")),
        ("beforeDate", ["2024-01-31T23:00:00.000"], lambda at: at < moment("2024-01-31T23:00")),
        ("afterDate", ["2024-01-31T09:00:00.000"], lambda at: at > moment("2024-01-31T09:00")),
        ("afterOrOnDate", ["2024-03-15T00:00:00.000"], lambda at: at >= moment("2024-03-15T00:00")),
        # What is compared with a day as a number is compared with its first moment.
        ("gt", ["2024-03-15"], lambda at: at > moment("2024-03-15T00:00")),
        ("lte", ["2024-03-15"], lambda at: at <= moment("2024-03-15T00:00")),
        ("equals", ["2024-03-15"], lambda at: at == moment("2024-03-15T00:00")),
        ("equals", ["2024-02-29T12:00:00.000"], lambda at: at == moment("2024-02-29T12:00")),
        ("notEquals", ["2024-02-29T12:00:00.000"], lambda at: at != moment("2024-02-29T12:00")),
    ],
)  # fmt: skip
def test_an_operator_of_times(
    bike_cube: CubeServer,
    member: str,
    operator: str,
    values: list[str],
    holds: Callable[[dt.datetime], bool],
) -> None:
    right = {number for number, at in RIDES.items() if holds(at)}
    assert right
    assert right != set(RIDES)
    filters = [{"member": member, "operator": operator, "values": values}]
    assert kept(bike_cube, filters=filters) == right


@pytest.mark.parametrize("member", [TIME, STARTED])
def test_a_range_ends_with_its_last_day(bike_cube: CubeServer, member: str) -> None:
    span = [{"dimension": member, "dateRange": ["2024-01-31", "2024-02-29"]}]
    assert kept(bike_cube, timeDimensions=span) == {2, 3, 4, 5, 6, 7, 8}
    hours = [{"dimension": member, "dateRange": ["2024-01-31T23:00:00", "2024-02-12T18:59:59.999"]}]
    assert kept(bike_cube, timeDimensions=hours) == {2, 4}


def test_a_dimension_that_is_called_as_a_metric_is(bike_cube: CubeServer) -> None:
    """`ride__minutes` is a column, and what a metric called `minutes` is of a ride."""
    cubes = {one["name"]: one for one in bike_cube.get("meta").json()["cubes"]}
    types = {one["name"]: one["type"] for one in cubes["rides"]["dimensions"]}
    assert types["rides.ride__minutes"] == "number"
    every = bike_cube.engine.definitions(LOCAL).dimensions()
    assert "ride__minutes" in [one.qualified_name for one in every]
    rows = bike_cube.rows(measures=["rides.minutes"], dimensions=["rides.ride__minutes"])
    assert {row["rides.ride__minutes"] for row in rows} >= {"80", "5"}
    filters = [{"member": "rides.ride__minutes", "operator": "gte", "values": ["60"]}]
    assert kept(bike_cube, filters=filters) == {6, 15, 18}


def test_hours(bike_cube: CubeServer) -> None:
    span = ["2024-02-29T00:00:00.000", "2024-02-29T23:59:59.999"]
    times = [{"dimension": TIME, "granularity": "hour", "dateRange": span}]
    rows = bike_cube.rows(measures=["rides.rides_by_the_hour"], timeDimensions=times)
    assert [(row[f"{TIME}.hour"], row["rides.rides_by_the_hour"]) for row in rows] == [
        ("2024-02-29T12:00:00.000", "2")
    ]


@pytest.mark.parametrize(
    ("words", "rides"),
    [
        # The newest ride is of 2024-05-31, so that May is over.
        ("last month", 4),
        ("last quarter", 14),
        ("this quarter", 5),
        ("today", 1),
        ("from 25 days ago to now", 3),
        ("from 24 days ago to today", 1),
        ("last season", 12),
    ],
)
def test_words_count_from_the_reference_date(bike_cube: CubeServer, words: str, rides: int) -> None:
    span = [{"dimension": TIME, "dateRange": words}]
    for zone in ("UTC", "Asia/Tokyo"):
        query = {"measures": ["rides.rides"], "timeDimensions": span, "timezone": zone}
        loaded = bike_cube.load(**query)
        assert loaded["data"] == [{"rides.rides": str(rides)}]
        assert loaded["referenceDate"] == "2024-05-31"


def test_times_of_day_are_in_utc(bike_cube: CubeServer) -> None:
    """A day is the same in every zone; what is known by the hour is refused in another one."""
    by_month = [{"dimension": TIME, "granularity": "month"}]
    rides = {"measures": ["rides.rides"], "timeDimensions": by_month}
    assert bike_cube.rows(**rides, timezone="Europe/Berlin") == bike_cube.rows(**rides)
    words = "times of day are in UTC here"
    by_hour = {**rides, "measures": ["rides.rides_by_the_hour"]}
    assert words in bike_cube.refused(**by_hour, timezone="Europe/Berlin")
    assert bike_cube.rows(**by_hour, timezone="Etc/UTC") == bike_cube.rows(**by_hour)
    filters = [{"member": STARTED, "operator": "afterDate", "values": ["2024-02-29"]}]
    assert words in bike_cube.refused(**rides, filters=filters, timezone="Europe/Berlin")
