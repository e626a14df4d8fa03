"""Visits and orders of people, what is asked of them, and the answers worked out row by row."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.query.manifest_reader import parse_semantic_manifest
from query.corrections.tables import PERIODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

FIRST_DAY = dt.date(2024, 1, 25)
DAYS = [FIRST_DAY + dt.timedelta(days=number) for number in range(14)]
CHANNELS = ["ad", "mail", None]
COUNTRIES = {1: "FR", 2: "DE", 3: None}


@dataclass(frozen=True)
class Event:
    """A visit or an order; `kind` is a visit's channel or an order's size."""

    number: int
    person: int | None
    at: dt.datetime
    kind: str | None
    device: str | None


TABLES = """
create schema if not exists main;
drop table if exists main.visits;
drop table if exists main.orders;
drop table if exists main.people;
drop table if exists main.days;
create table main.visits
    (visit_id int, code text, person_id int, happened timestamp, channel text, device text);
create table main.orders (order_id int, person_id int, happened timestamp, size text, device text);
create table main.people (person_id int, country text);
create table main.days (date_day date, ten_days text)
"""


def random_events(seed: int, kinds: Sequence[str | None], rows: int) -> list[Event]:
    """Give events of which many are of one person and day, and some of one instant."""
    choose = random.Random(seed)
    return [
        Event(
            number,
            choose.choice([1, 1, 2, 3, None]),
            dt.datetime.combine(choose.choice(DAYS[:9]), dt.time(choose.choice([0, 9, 9, 18]))),
            choose.choice(kinds),
            choose.choice(["web", "app", None]),
        )
        for number in choose.sample(range(1, 200), rows)
    ]


# Of one instant, in an order that no collation but that of the bytes gives.
def code(number: int) -> str:
    """Give the key of a visit in the model whose keys are texts."""
    return f"{'aBzZ'[number % 4]}{'é' if number % 7 == 0 else 'e'}{number}"


def rows_of(visits: Iterable[Event], orders: Iterable[Event]) -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows of every table."""
    return {
        "visits": [(v.number, code(v.number), v.person, v.at, v.kind, v.device) for v in visits],
        "orders": [(o.number, o.person, o.at, o.kind, o.device) for o in orders],
        "people": list(COUNTRIES.items()),
        "days": [(day, PERIODS["ten_days"](day)) for day in DAYS],
    }


Key = tuple[Any, ...]


@dataclass(frozen=True)
class Rule:
    """What a metric of conversions counts, in our own words.

    Attributes:
        days: How many days an order may come after a visit, less one; none for any.
        is_base: Which visits count.
        is_conversion: Which orders count.
        fits: What of an order must fit the visit beside the person.
        key: What the greatest of is taken among the visits of one instant.
    """

    days: int | None = 3
    is_base: Callable[[Event], bool] = lambda _: True
    is_conversion: Callable[[Event], bool] = lambda _: True
    fits: Callable[[Event, Event], bool] = lambda _visit, _order: True
    key: Callable[[Event], Any] = lambda visit: (len(str(visit.number)), str(visit.number))


def matched(visits: list[Event], orders: list[Event], rule: Rule) -> list[tuple[Event, Event]]:
    """Give each order that counts with the visit that it follows."""
    pairs = []
    for order in filter(rule.is_conversion, orders):
        day = order.at.date()
        found = [
            visit
            for visit in filter(rule.is_base, visits)
            if visit.person == order.person is not None
            and visit.at.date() <= day
            and (rule.days is None or visit.at.date() > day - dt.timedelta(days=rule.days))
            and rule.fits(visit, order)
        ]
        if found:
            best = max(
                found,
                key=lambda v: (v.at.date(), v.at <= order.at, v.at, rule.key(v)),
            )
            pairs.append((best, order))
    return pairs


def group_of(group_by: str, visit: Event) -> Key:
    """Give what a visit is grouped under."""
    return tuple(_value(name, visit) for name in group_by.split())


def _value(name: str, visit: Event) -> Any:  # noqa: ANN401 - of any type
    if name.endswith("channel"):
        return visit.kind
    if name == "person__country":
        return COUNTRIES.get(visit.person) if visit.person else None
    return PERIODS[name.rpartition("__")[2]](visit.at.date())


def counts(
    visits: list[Event],
    orders: list[Event],
    rule: Rule,
    group_by: str,
    holds: Callable[[Event], bool],
) -> dict[Key, tuple[int, list[Event]]]:
    """Give the visits of each group that hold, and the orders that follow one of them."""
    groups: dict[Key, tuple[list[Event], list[Event]]] = defaultdict(lambda: ([], []))
    for visit in filter(rule.is_base, visits):
        if holds(visit):
            groups[group_of(group_by, visit)][0].append(visit)
    for visit, order in matched(visits, orders, rule):
        if holds(visit):
            groups[group_of(group_by, visit)][1].append(order)
    return {key: (len(base), followed) for key, (base, followed) in groups.items()}


def _model(
    name: str, table: str, entities: list[dict[str, str]], kind: str, grain: str = "day"
) -> dict[str, Any]:
    person = {"name": "person", "type": "foreign", "expr": "person_id"}
    return {
        "name": name,
        "node_relation": {"alias": table, "schema_name": "main", "relation_name": f"main.{table}"},
        "defaults": {"agg_time_dimension": "happened"},
        "primary_entity": None if entities else name,
        "entities": [*entities, person],
        "dimensions": [
            {"name": "happened", "type": "time", "type_params": {"time_granularity": grain}},
            {"name": kind, "type": "categorical"},
            {"name": "device" if table == "orders" else "screen", "type": "categorical"}
            | ({} if table == "orders" else {"expr": "device"}),
        ],
        "measures": [
            {"name": f"{name}_count", "agg": "sum", "expr": "1", "create_metric": False},
            {"name": f"{name}_people", "agg": "count_distinct", "expr": "person_id"}
            | {"create_metric": False},
        ],
    }


def _key(name: str, column: str) -> dict[str, str]:
    return {"name": name, "type": "primary", "expr": column}


def _filter(name: str, value: str) -> dict[str, Any]:
    template = f"{{{{ Dimension('{name}') }}}} = '{value}'"
    return {"where_filters": [{"where_sql_template": template}]}


def _conversion(name: str, base: dict[str, Any], orders: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401
    parameters = {"calculation": "conversions", "window": {"count": 3, "granularity": "day"}}
    return {
        "name": name,
        "type": "conversion",
        "filter": more.pop("filter", None),
        "type_params": {
            "input_measures": [base, orders],
            "conversion_type_params": {
                "base_measure": base,
                "conversion_measure": orders,
                "entity": "person",
                **parameters,
                **more,
            },
        },
    }


VISITS, ORDERS = {"name": "visits_count"}, {"name": "orders_count"}
ADS = _filter("visits_key__channel", "ad")
WINDOWS = {
    "second": 5400,
    "minute": 300,
    "hour": 36,
    "day": 9,
    "week": 2,
    "month": 1,
    "quarter": 1,
    "year": 1,
}
METRICS = [
    _conversion("rate", VISITS, ORDERS, calculation="conversion_rate"),
    _conversion("followed", VISITS, {**ORDERS, "fill_nulls_with": 0}),
    _conversion("buyers", VISITS, {"name": "orders_people"}),
    _conversion("ever", VISITS, ORDERS, window=None),
    _conversion(
        "same_device",
        VISITS,
        ORDERS,
        constant_properties=[{"base_property": "screen", "conversion_property": "device"}],
    ),
    _conversion("after_ads", {**VISITS, "filter": ADS}, ORDERS),
    _conversion("to_ads", VISITS, ORDERS, filter=ADS),
    _conversion("big_orders", VISITS, {**ORDERS, "filter": _filter("orders_key__size", "big")}),
    _conversion("by_code", {"name": "codes_count"}, ORDERS),
    _conversion(
        "by_the_clock",
        {"name": "clicks_count"},
        {"name": "sales_count"},
        window={"count": 6, "granularity": "hour"},
    ),
    *(
        _conversion(
            f"within_{unit}s",
            {"name": "clicks_count"},
            {"name": "sales_count"},
            window={"count": count, "granularity": unit},
        )
        for unit, count in WINDOWS.items()
    ),
    _conversion("without_key", {"name": "looks_count"}, ORDERS),
    _conversion(
        "every_day",
        {**VISITS, "join_to_timespine": True, "fill_nulls_with": 0},
        {**ORDERS, "join_to_timespine": True, "fill_nulls_with": 0},
    ),
    {
        "name": "rate_of_ads",
        "type": "derived",
        "type_params": {
            "expr": "rate",
            "metrics": [{"name": "rate", "filter": ADS}],
            "input_measures": [],
        },
    },
    {
        "name": "rate_day_before",
        "type": "derived",
        "type_params": {
            "expr": "before",
            "metrics": [
                {
                    "name": "rate",
                    "alias": "before",
                    "offset_window": {"count": 1, "granularity": "day"},
                }
            ],
            "input_measures": [],
        },
    },
]
RULES = {
    "rate": Rule(),
    "followed": Rule(),
    "buyers": Rule(),
    "ever": Rule(days=None),
    "same_device": Rule(fits=lambda visit, order: visit.device == order.device is not None),
    "after_ads": Rule(is_base=lambda visit: visit.kind == "ad"),
    "to_ads": Rule(),
    "big_orders": Rule(is_conversion=lambda order: order.kind == "big"),
    "by_code": Rule(key=lambda visit: (len(code(visit.number)), code(visit.number).encode())),
    "without_key": Rule(
        key=lambda visit: [(len(t), t) for t in (visit.kind or "", visit.device or "")]
    ),
    "every_day": Rule(),
}


def manifest() -> PydanticSemanticManifest:
    """Give the definitions of all this; its time spine has a custom grain `ten_days`."""
    people = {
        "name": "people",
        "node_relation": {
            "alias": "people",
            "schema_name": "main",
            "relation_name": "main.people",
        },
        "entities": [{"name": "person", "type": "primary", "expr": "person_id"}],
        "dimensions": [{"name": "country", "type": "categorical"}],
        "measures": [],
    }
    spine = {
        "node_relation": {"alias": "days", "schema_name": "main", "relation_name": "main.days"},
        "primary_column": {"name": "date_day", "time_granularity": "day"},
        "custom_granularities": [{"name": "ten_days"}],
    }
    return parse_semantic_manifest(
        json.dumps(
            {
                "semantic_models": [
                    _model("visits", "visits", [_key("visits_key", "visit_id")], "channel"),
                    _model("codes", "visits", [_key("codes_key", "code")], "channel"),
                    _model("looks", "visits", [], "channel"),
                    _model("orders", "orders", [_key("orders_key", "order_id")], "size"),
                    _model("clicks", "visits", [_key("click", "visit_id")], "channel", "second"),
                    _model("sales", "orders", [_key("sale", "order_id")], "size", "second"),
                    people,
                ],
                "metrics": METRICS,
                "saved_queries": [],
                "project_configuration": {
                    "time_spine_table_configurations": [],
                    "time_spines": [spine],
                },
            }
        )
    )
