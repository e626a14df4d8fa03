"""What orders of the market can be grouped by and filtered on: as SQL, and in plain Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.right.seeds import AGENTS, CUSTOMERS, Order, month, quarter, week, year

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Value = Any
TEXT, NUMBER, TIME, TRUTH = "text", "number", "time", "truth"


@dataclass(frozen=True)
class Term:
    """A value of every order.

    Attributes:
        sql: What SQL calls it.
        of: What it is of an order, or of a row.
        kind: A text, a number, a time or a truth.
        sample: Values that it may have.
    """

    sql: str
    of: Callable[[Any], Value]
    kind: str
    sample: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A condition: true, false, or neither of an order or a row."""

    sql: str
    of: Callable[[Any], bool | None]


def _team(order: Order) -> str | None:
    customer = CUSTOMERS.get(order.customer or 0)
    agent = None if customer is None else AGENTS.get(customer.agent or 0)
    return None if agent is None else agent.team


def _is_large(order: Order) -> bool | None:
    return None if order.amount is None else order.amount > 500


def _time(of: Callable[[Order], dt.date]) -> Callable[[Order], dt.datetime]:
    return lambda order: dt.datetime.combine(of(order), dt.time())


def _day(order: Order) -> dt.date:
    return order.day


_DAYS = ("2024-01-31", "2024-02-01", "2024-03-15", "2024-04-01")
_TRUNCATED = {"day": _day, "week": week, "month": month, "quarter": quarter, "year": year}
_PARTS: dict[str, Callable[[Order], int]] = {
    "year": lambda order: order.day.year,
    "quarter": lambda order: (order.day.month + 2) // 3,
    "month": lambda order: order.day.month,
    "day": lambda order: order.day.day,
    "isodow": lambda order: order.day.isoweekday(),
    "dow": lambda order: order.day.isoweekday() % 7,
    "doy": lambda order: order.day.timetuple().tm_yday,
}
DIMENSIONS = [
    Term("customer__region", lambda order: order.region, TEXT, ("south", "east", "north")),
    Term("order__status", lambda order: order.status, TEXT, ("paid", "open", "returned")),
    Term("order__channel", lambda order: order.channel, TEXT, ("web", "store")),
    Term("customer__agent__team", _team, TEXT, ("harvest", "Orchard")),
    Term("customer__customer_name", lambda order: order.name, TEXT, ("Ada", "Bo")),
    Term("order__quantity", lambda order: order.quantity, NUMBER, ("1", "2", "3", "4")),
    Term("order__is_large", _is_large, TRUTH),
    Term("metric_time", _time(_day), TIME, _DAYS),
    Term("order__ordered_at", _time(_day), TIME, _DAYS),
    Term("metric_time__month", _time(month), TIME, _DAYS),
    Term("metric_time__quarter", _time(quarter), TIME, _DAYS),
    *(
        Term(f"date_trunc('{grain}', metric_time)", _time(of), TIME, _DAYS)
        for grain, of in _TRUNCATED.items()
    ),
    *(
        Term(f"extract({part} from metric_time)", of, NUMBER, ("1", "2", "3"))
        for part, of in _PARTS.items()
    ),
    Term(
        "cast(metric_time as date) - ((extract(day from metric_time) - 1) * interval '1 day')",
        _time(month),
        TIME,
        _DAYS,
    ),
]


def _strict(of: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: None if value is None else of(value)


_WRAPS: dict[str, list[tuple[str, Callable[[Value], Value], str]]] = {
    TEXT: [
        ("upper({})", _strict(str.upper), TEXT),
        ("lower({})", _strict(str.lower), TEXT),
        ("coalesce({}, 'none')", lambda value: "none" if value is None else value, TEXT),
        ("left({}, 1)", _strict(lambda value: value[:1]), TEXT),
        ("length({})", _strict(len), NUMBER),
        ("({} || '!')", _strict(lambda value: value + "!"), TEXT),
        ("cast({} as varchar)", lambda value: value, TEXT),
        ("({})", lambda value: value, TEXT),
        ("nullif({}, 'web')", lambda value: None if value == "web" else value, TEXT),
        (
            "case when {} in ('paid', 'south', 'web') then 'yes' else 'no' end",
            lambda value: "yes" if value in ("paid", "south", "web") else "no",
            TEXT,
        ),
        ("({} is null)", lambda value: value is None, TRUTH),
    ],
    NUMBER: [
        ("({} + 1)", _strict(lambda value: value + 1), NUMBER),
        ("(10 - {})", _strict(lambda value: 10 - value), NUMBER),
        ("cast({} as text)", _strict(str), TEXT),
        ("cast({} as integer)", lambda value: value, NUMBER),
        ("abs({} - 2)", _strict(lambda value: abs(value - 2)), NUMBER),
        ("({} * 0)", _strict(lambda _: 0), NUMBER),
        ("floor({} / 2.0)", _strict(lambda value: value // 2), NUMBER),
        ("({} > 2)", _strict(lambda value: value > 2), TRUTH),
        ("case when {} > 2 then 'many' end", lambda v: "many" if v and v > 2 else None, TEXT),
    ],
    TIME: [
        ("cast({} as date)", lambda value: value, TIME),
        ("cast({} as timestamp)", lambda value: value, TIME),
        (
            "date_trunc('month', {})",
            _strict(lambda value: value.replace(day=1)),
            TIME,
        ),
        ("date_trunc('year', {})", _strict(lambda value: value.replace(month=1, day=1)), TIME),
        (
            "date_trunc('week', {})",
            _strict(lambda value: value - dt.timedelta(days=value.weekday())),
            TIME,
        ),
        ("to_char({}, 'YYYY-MM')", _strict(lambda value: f"{value:%Y-%m}"), TEXT),
        ("extract(month from {})", _strict(lambda value: value.month), NUMBER),
        ("({} + interval '1 day')", _strict(lambda value: value + dt.timedelta(days=1)), TIME),
    ],
    TRUTH: [
        ("cast({} as text)", _strict(lambda value: str(value).lower()), TEXT),
        ("(not {})", _strict(lambda value: not value), TRUTH),
        ("coalesce({}, false)", bool, TRUTH),
    ],
}


def wrapped(choose: random.Random, term: Term) -> Term:
    """Put SQL around a term."""
    form, of, kind = choose.choice(_WRAPS[term.kind])
    inner = term.of
    sample = term.sample if kind == term.kind else ()
    return Term(form.format(term.sql), lambda row: of(inner(row)), kind, sample)


def renamed(term: Term, name: str, of: Callable[[Any], Value]) -> Term:
    """Give a term as a column of a sub-select."""
    return Term(name, of, term.kind, term.sample)


def condition(choose: random.Random, terms: list[Term], depth: int = 1) -> Condition:
    """Make a condition on terms."""
    if depth and choose.random() < 0.3:
        one, other = (condition(choose, terms, depth - 1) for _ in range(2))
        if choose.random() < 0.5:
            return Condition(f"({one.sql} and {other.sql})", lambda row: _and(one, other, row))
        return Condition(f"({one.sql} or {other.sql})", lambda row: _or(one, other, row))
    if depth and choose.random() < 0.15:
        inner = condition(choose, terms, 0)
        return Condition(f"not ({inner.sql})", lambda row: _not(inner.of(row)))
    return _comparison(choose, choose.choice(terms))


def _comparison(choose: random.Random, term: Term) -> Condition:  # noqa: PLR0911 - a return a form
    of = term.of
    if term.kind == TRUTH:
        return Condition(f"{term.sql} = true", of)
    if choose.random() < 0.15 or not term.sample:
        if choose.random() < 0.5:
            return Condition(f"{term.sql} is null", lambda row: of(row) is None)
        return Condition(f"{term.sql} is not null", lambda row: of(row) is not None)
    some = choose.sample(term.sample, min(2, len(term.sample)))
    values = [_value(term.kind, one) for one in some]
    written = [_literal(choose, term.kind, one) for one in some]
    kind = choose.random()
    if kind < 0.2:
        negated = choose.random() < 0.4
        sql = f"{term.sql} {'not ' * negated}in ({', '.join(written)})"
        return Condition(sql, _null_safe(of, lambda found: (found in values) is not negated))
    if kind < 0.3 and term.kind != TEXT:
        low, high = sorted(values)
        low_sql, high_sql = (written[values.index(one)] for one in (low, high))
        sql = f"{term.sql} between {low_sql} and {high_sql}"
        return Condition(sql, _null_safe(of, lambda found: low <= found <= high))
    if kind < 0.4 and term.kind == TEXT:
        start = some[0][:1]
        sql = f"{term.sql} like '{start}%'"
        return Condition(sql, _null_safe(of, lambda found: found.startswith(start)))
    signs: dict[str, Callable[[Value, Value], bool]] = {
        "=": lambda one, other: one == other,
        "<>": lambda one, other: one != other,
    }
    if term.kind != TEXT:
        signs |= {
            "<": lambda one, other: one < other,
            "<=": lambda one, other: one <= other,
            ">": lambda one, other: one > other,
            ">=": lambda one, other: one >= other,
        }
    sign = choose.choice([*signs])
    compares, value = signs[sign], values[0]
    return Condition(
        f"{term.sql} {sign} {written[0]}", _null_safe(of, lambda found: compares(found, value))
    )


def _null_safe(
    of: Callable[[Any], Value], holds: Callable[[Value], bool]
) -> Callable[[Any], bool | None]:
    return lambda row: None if of(row) is None else holds(of(row))


def _value(kind: str, sample: str) -> Value:
    if kind == TIME:
        return dt.datetime.fromisoformat(sample)
    return int(sample) if kind == NUMBER else sample


def _literal(choose: random.Random, kind: str, sample: str) -> str:
    if kind == NUMBER:
        return choose.choice((sample, f"(1 + {sample} - 1)"))
    if kind == TIME:
        return choose.choice((f"'{sample}'", f"date '{sample}'", f"timestamp '{sample} 00:00:00'"))
    return f"'{sample}'"


def _and(one: Condition, other: Condition, row: object) -> bool | None:
    found = (one.of(row), other.of(row))
    return False if False in found else None if None in found else True


def _or(one: Condition, other: Condition, row: object) -> bool | None:
    found = (one.of(row), other.of(row))
    return True if True in found else None if None in found else False


def _not(found: bool | None) -> bool | None:  # noqa: FBT001 - a truth of SQL
    return None if found is None else not found
