"""Each conversion counts for one base event, whatever is asked: checked row by row."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest
from psycopg import sql

from metrics_store.errors import MetricsStoreError
from metrics_store.query.planner import Planner
from query.corrections.events import (
    CHANNELS,
    COUNTRIES,
    RULES,
    TABLES,
    WINDOWS,
    Event,
    counts,
    manifest,
    random_events,
    rows_of,
)
from query.corrections.manifests import PlainPlanner, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.xdist_group("corrections")


@dataclass(frozen=True)
class Warehouse:
    """A warehouse of visits and orders, and the planners for it."""

    dialect: str
    execute: Callable[..., Any]

    def fill(self, visits: list[Event], orders: list[Event]) -> None:
        for statement in TABLES.split(";"):
            self.execute(statement)
        mark = "?" if self.dialect == "duckdb" else "%s"
        for table, rows in rows_of(visits, orders).items():
            for row in rows:
                marks = ", ".join([mark] * len(row))
                self.execute(f"insert into main.{table} values ({marks})", row)

    def answer(
        self,
        metric: str,
        group_by: str = "",
        where: str = "",
        *,
        plain: bool = False,
        **times: dt.datetime,
    ) -> dict[tuple[Any, ...], Any]:
        rows = self.rows(metric, group_by, where, plain=plain, **times)
        assert len({row[:-1] for row in rows}) == len(rows)
        return {row[:-1]: row[-1] for row in rows}

    def rows(
        self,
        metrics: str,
        group_by: str,
        where: str = "",
        *,
        plain: bool = False,
        **times: dt.datetime,
    ) -> list[tuple[Any, ...]]:
        planners = _PLAIN if plain else _PLANNERS
        planned = plan(planners[self.dialect], metrics, group_by, where, **times)
        return [tuple(map(_plain, row)) for row in self.execute(planned).fetchall()]


_PLANNERS = {dialect: Planner(manifest(), dialect) for dialect in ("duckdb", "postgres")}
_ALL_PAIRS = {
    dialect: Planner(manifest(), dialect, optimise=False) for dialect in ("duckdb", "postgres")
}
_PLAIN = {dialect: PlainPlanner(manifest(), dialect) for dialect in ("duckdb", "postgres")}


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if value is None or isinstance(value, str | dt.date) else round(float(value), 6)


@pytest.fixture(scope="module")
def _duckdb() -> Warehouse:
    return Warehouse("duckdb", duckdb.connect().execute)


@pytest.fixture(scope="module")
def _postgres(postgres_server: dict[str, Any]) -> Iterator[Warehouse]:
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database conversions"))
    with psycopg.connect(
        **{**postgres_server, "dbname": "conversions"}, autocommit=True, options="-c timezone=UTC"
    ) as connection:
        yield Warehouse("postgres", connection.execute)


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    found: Warehouse = request.getfixturevalue(f"_{request.param}")
    return found


AD = "{{ Dimension('visits_key__channel') }} = 'ad'"
FRANCE = "{{ Dimension('person__country') }} = 'FR'"
SINCE = "{{ TimeDimension('metric_time', 'day') }} >= '2024-01-29'"
MARKED_OR = f"({AD} or {SINCE}) and {FRANCE}"
HOLDS: dict[str, Callable[[Event], bool]] = {
    "": lambda _: True,
    AD: lambda visit: visit.kind == "ad",
    FRANCE: lambda visit: COUNTRIES.get(visit.person or 0) == "FR",
    SINCE: lambda visit: visit.at.date() >= dt.date(2024, 1, 29),
    MARKED_OR: lambda visit: (
        (visit.kind == "ad" or visit.at.date() >= dt.date(2024, 1, 29))
        and COUNTRIES.get(visit.person or 0) == "FR"
    ),
}
CHANNEL = "visits_key__channel"
QUESTIONS = [
    ("rate", "", ""),
    ("rate", "", AD),
    ("rate", CHANNEL, ""),
    ("rate", f"metric_time__day {CHANNEL}", MARKED_OR),
    ("rate", "metric_time__ten_days", FRANCE),
    ("rate", "visits_key__happened__month person__country", SINCE),
    ("rate", "metric_time__week metric_time__day", AD),
    ("rate", "metric_time__extract_day", ""),
    ("followed", f"{CHANNEL} person__country", ""),
    ("followed", "metric_time__day", AD),
    ("buyers", "metric_time__month", ""),
    ("buyers", CHANNEL, SINCE),
    ("ever", "metric_time__day", FRANCE),
    ("ever", CHANNEL, ""),
    ("same_device", CHANNEL, AD),
    ("same_device", "metric_time__day", ""),
    ("after_ads", CHANNEL, ""),
    ("after_ads", "metric_time__day", SINCE),
    ("big_orders", CHANNEL, ""),
    ("big_orders", "metric_time__month", MARKED_OR),
    ("by_code", "codes_key__channel", ""),
    ("by_code", "metric_time__day codes_key__channel", FRANCE),
    ("without_key", "looks__channel", ""),
    ("without_key", "metric_time__ten_days looks__channel", SINCE),
]


def _value(metric: str, visits: int, orders: list[Event]) -> float | None:
    if metric == "followed":
        return len(orders)
    if metric == "buyers":
        return len({order.person for order in orders})
    if metric == "rate":
        return round(len(orders) / visits, 6) if orders else None
    return len(orders) or None


@pytest.mark.parametrize("seed", range(3))
def test_all_questions_against_the_rows(seed: int, warehouse: Warehouse) -> None:
    visits = random_events(seed, CHANNELS, 40)
    orders = random_events(seed + 100, ["big", "small"], 25)
    warehouse.fill(visits, orders)
    for metric, group_by, where in QUESTIONS:
        found = counts(visits, orders, RULES[metric], group_by, HOLDS[where])
        right = {key: _value(metric, *one) for key, one in found.items()}
        assert warehouse.answer(metric, group_by, where) == right, (metric, group_by, where)


@pytest.mark.parametrize("metric", ["rate", "buyers", "without_key"])
def test_a_slice_is_the_filter_on_it(metric: str, warehouse: Warehouse) -> None:
    visits = random_events(7, CHANNELS, 40)
    warehouse.fill(visits, random_events(107, ["big"], 25))
    model = "looks" if metric == "without_key" else "visits_key"
    by_channel = warehouse.answer(metric, f"{model}__channel")
    by_day = warehouse.answer(metric, "metric_time__day")
    for channel in filter(None, CHANNELS):
        where = f"{{{{ Dimension('{model}__channel') }}}} = '{channel}'"
        assert warehouse.answer(metric, where=where)[()] == by_channel[channel,]
    for (day,), value in list(by_day.items())[::4]:
        instant = dt.datetime.combine(day, dt.time())
        assert warehouse.answer(metric, start=instant, end=instant)[()] == value
        where = f"{{{{ TimeDimension('metric_time', 'day') }}}} = '{day}'"
        assert warehouse.answer(metric, where=where)[()] == value


def test_alone_as_beside_others(warehouse: Warehouse) -> None:
    visits = random_events(8, CHANNELS, 40)
    warehouse.fill(visits, random_events(108, ["big", "small"], 25))
    metrics = ["followed", "big_orders", "same_device", "after_ads", "ever"]
    together = warehouse.rows(" ".join(metrics), CHANNEL, SINCE)
    for place, metric in enumerate(metrics, start=1):
        alone = warehouse.answer(metric, CHANNEL, SINCE)
        beside = {(row[0],): row[place] for row in together}
        assert {key: beside[key] for key in alone} == alone, metric


DAY = dt.date(2024, 1, 29)


def _at(hour: int, number: int = 1, kind: str = "ad", day: dt.date = DAY) -> Event:
    return Event(number, 1, dt.datetime.combine(day, dt.time(hour)), kind, "web")


@pytest.mark.parametrize(
    ("visits", "follows"),
    [
        # Of one instant: the greatest key, as a number and not as a text.
        ([_at(9, 9, "ad"), _at(9, 10, "mail")], "mail"),
        ([_at(9, 10, "ad"), _at(9, 9, "mail")], "ad"),
        # Of one day: the last one by the clock, of those that came before the order at 12.
        ([_at(11, 1, "ad"), _at(10, 2, "mail")], "ad"),
        ([_at(11, 1, "ad"), _at(13, 2, "mail")], "ad"),
        # The model counts days: what came later on the day is before the order as a day is.
        ([_at(13, 1, "ad"), _at(14, 2, "mail")], "mail"),
        # An earlier day never stands before a later one.
        ([_at(13, 1, "ad"), _at(9, 2, "mail", DAY - dt.timedelta(days=1))], "ad"),
        # Three days: the third day before is out.
        ([_at(9, 1, "ad", DAY - dt.timedelta(days=2))], "ad"),
        ([_at(9, 1, "ad", DAY - dt.timedelta(days=3))], None),
    ],
)
def test_which_visit_an_order_follows(
    visits: list[Event], follows: str | None, warehouse: Warehouse
) -> None:
    warehouse.fill(visits, [_at(12, 1, "big")])
    found = warehouse.answer("followed", CHANNEL)
    assert found == {(one.kind,): float(one.kind == follows) for one in visits}


@pytest.mark.parametrize("first", [dt.date(1969, 12, 20), dt.date(1900, 2, 20), DAY])
def test_a_visit_is_found_wherever_its_days_lie(first: dt.date, warehouse: Warehouse) -> None:
    days = [first + dt.timedelta(days=number) for number in range(20)]
    people = list(enumerate(days))
    visits = [Event(n, n, dt.datetime.combine(day, dt.time(23)), "ad", None) for n, day in people]
    for later, found in ((0, 20), (1, 20), (2, 20), (3, 0), (-1, 0)):
        orders = [
            dataclasses.replace(one, at=one.at + dt.timedelta(days=later), kind="big")
            for one in visits
        ]
        warehouse.fill(visits, orders)
        assert warehouse.answer("followed") == {(): found}, later
    # Two visits, which may lie in two stretches of time, and one order after both.
    again = [
        dataclasses.replace(one, number=one.number + 50, at=one.at + dt.timedelta(days=1))
        for one in visits
    ]
    orders = [dataclasses.replace(one, at=one.at + dt.timedelta(days=1)) for one in again]
    warehouse.fill([*visits, *again], orders)
    assert warehouse.answer("followed") == {(): 20}


def test_windows_of_any_length_match_what_all_pairs_match(warehouse: Warehouse) -> None:
    choose = random.Random(20)
    visits, orders = (
        [
            Event(
                number,
                choose.randint(1, 4),
                # About the end of summer time in Havana, where that day's midnight comes twice.
                dt.datetime(2011, 11, 13) + dt.timedelta(minutes=choose.choice([30, 47]) * number),
                kind,
                None,
            )
            for number in choose.sample(range(-1200, 1200), 90)
        ]
        for kind in ("ad", "big")
    )
    warehouse.fill(visits, orders)
    warehouse.execute("set timezone = 'America/Havana'")
    if warehouse.dialect == "postgres":
        change = "alter table main.orders alter column happened type timestamp with time zone"
        warehouse.execute(change)
    for unit in WINDOWS:
        asked = f"within_{unit}s", "metric_time__day"
        sql = plan(_ALL_PAIRS[warehouse.dialect], *asked)
        right = {day.date(): value for day, value in warehouse.execute(sql).fetchall()}
        assert warehouse.answer(*asked) == {(day,): value for day, value in right.items()}, unit
        assert any(right.values()), unit
    warehouse.execute("set timezone = 'UTC'")


@pytest.mark.parametrize(("metric", "is_compared_less"), [("rate", True), ("ever", False)])
def test_what_is_compared_less_is_said(metric: str, *, is_compared_less: bool) -> None:
    planner = Planner(manifest(), "postgres")
    plan(planner, metric, "")
    note = "matched with base events of about their time only: orders_count"
    assert (note in planner.rewrites) is is_compared_less


@pytest.mark.parametrize(("hour", "follows"), [(6, None), (7, 1), (12, 1), (13, None)])
def test_events_are_compared_by_what_their_times_are_kept_by(
    hour: int, follows: int | None, warehouse: Warehouse
) -> None:
    warehouse.fill([_at(hour)], [_at(12, 1, "big")])
    assert warehouse.answer("by_the_clock") == {(): follows}


def test_times_of_two_types_are_compared(warehouse: Warehouse) -> None:
    warehouse.fill([_at(9, 1, "ad"), _at(13, 2, "mail")], [_at(12, 1, "big")])
    finest = {"duckdb": "timestamp_ns", "postgres": "timestamp"}[warehouse.dialect]
    change = "alter table main.{} alter column happened type {}"
    warehouse.execute("set timezone = 'UTC'")
    warehouse.execute(change.format("visits", finest))
    warehouse.execute(change.format("orders", "timestamp with time zone"))
    assert warehouse.answer("followed", CHANNEL) == {("ad",): 1, ("mail",): 0}
    # A day has no clock: the last key of it.
    warehouse.execute(change.format("visits", "date"))
    assert warehouse.answer("followed", CHANNEL) == {("ad",): 0, ("mail",): 1}


def test_several_orders_of_one_visit_all_count(warehouse: Warehouse) -> None:
    warehouse.fill([_at(9)], [_at(12, number, "big") for number in (1, 2, 3)])
    assert warehouse.answer("rate") == {(): 3}
    assert warehouse.answer("buyers") == {(): 1}


def test_a_filter_of_the_metric_is_as_one_of_the_question(warehouse: Warehouse) -> None:
    # The mail came last: it, and no ad, was followed.
    visits = [_at(9, 1, "ad"), _at(10, 2, "mail")]
    warehouse.fill(visits, [_at(12, 1, "big")])
    for metric, where in (("rate", AD), ("rate_of_ads", ""), ("to_ads", "")):
        assert warehouse.answer(metric, where=where) == {(): None}, metric
    # A filter on the base events says which there are.
    assert warehouse.answer("after_ads") == {(): 1}
    assert warehouse.answer("rate", where=AD, plain=True) == {(): 1}


def test_days_without_visits_have_a_value_where_the_metric_says_so(warehouse: Warehouse) -> None:
    warehouse.fill([_at(9)], [_at(12, 1, "big")])
    until = "{{ TimeDimension('metric_time', 'day') }} <= '2024-01-30'"
    right = {(DAY,): 1, (DAY + dt.timedelta(days=1),): 0}
    asked = "every_day", "metric_time__day"
    assert warehouse.answer(*asked, f"{SINCE} and {until}") == right
    ends = {"start": dt.datetime(2024, 1, 29), "end": dt.datetime(2024, 1, 30)}
    assert warehouse.answer(*asked, **ends) == right


def test_the_rate_of_the_day_before(warehouse: Warehouse) -> None:
    warehouse.fill([_at(9, 1, "mail"), _at(10, 2)], [_at(12, 1, "big")])
    by = "metric_time__day", AD
    next_day = DAY + dt.timedelta(days=1)
    assert warehouse.answer("rate", *by) == {(DAY,): 1}
    # MetricFlow leaves the offset out.
    assert warehouse.answer("rate_day_before", by[0], plain=True) == {(DAY,): 0.5}
    assert warehouse.answer("rate_day_before", *by) == {(next_day,): 1}
    until = "{{ TimeDimension('metric_time', 'day') }} <= '2024-01-29'"
    assert warehouse.answer("rate_day_before", by[0], until) == {}
    with pytest.raises(MetricsStoreError, match="cannot be moved") as raised:
        warehouse.answer("rate_day_before", "metric_time__month")
    assert raised.value.remedy == "ask by day"


def test_the_day_before_is_that_days_own_rate(warehouse: Warehouse) -> None:
    visits = random_events(9, CHANNELS, 40)
    warehouse.fill(visits, random_events(109, ["big"], 25))
    by = f"metric_time__day {CHANNEL}"
    for others in ("", AD):
        moved = {
            (day + dt.timedelta(days=1), channel): value
            for (day, channel), value in warehouse.answer("rate", by, others).items()
        }
        assert warehouse.answer("rate_day_before", by, others) == moved
        # The times are those that are asked, not those of the rates.
        since = {key: value for key, value in moved.items() if key[0] >= DAY}
        where = " and ".join(filter(None, [others, SINCE]))
        assert warehouse.answer("rate_day_before", by, where) == since
        until = dt.datetime(2024, 1, 30)
        ends = {"start": dt.datetime(2024, 1, 29), "end": until}
        assert warehouse.answer("rate_day_before", by, others, **ends) == {
            key: value for key, value in since.items() if key[0] <= until.date()
        }
