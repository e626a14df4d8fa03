"""Cube's API: every request as a query of the cube of all metrics."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import requests

from corpus.answers import Refusal, Rows, of_texts
from corpus.corpus_requests import split
from corpus.interfaces.interface import TIMES
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters import filter_tree as tree
from metrics_store.query.filters.parser.filter_parser import parse_filters

if TYPE_CHECKING:
    from corpus.answers import Outcome
    from corpus.corpus_requests import Asked

_CUBE = "all_metrics"
_OK = 200
_ORDERINGS = {
    tree.Operator.LESS: "lt",
    tree.Operator.LESS_OR_EQUAL: "lte",
    tree.Operator.GREATER: "gt",
    tree.Operator.GREATER_OR_EQUAL: "gte",
}
_OPPOSITE = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}
_PARTS = {
    tree.Function.YEAR: "year",
    tree.Function.QUARTER: "quarter",
    tree.Function.MONTH: "month",
    tree.Function.DAY: "day",
    tree.Function.DAY_OF_YEAR: "doy",
    tree.Function.ISO_DAY_OF_WEEK: "dow",
}
# What Cube says in its own way, with what it says of it.
_OWN = {
    "there is no such metric": "a name is a member of any kind",
    "nothing by this name to group or filter by": "a name is a member of any kind",
    "only a time without grain has such a part": "a name is a member of any kind",
    "the same is asked for twice": "a member may stand twice",
    "is a dimension, not an entity": "a name is a member of any kind",
    "the time asked for ends before it starts": "a range of dates has words of its own",
    "there is no such period": "a range of dates has words of its own",
    "there is no such grain": "a grain that nothing has is no member",
    "is a time and is compared with something else": "what is no date has words of its own",
    "is true or false and is compared with a number": "values are texts, and 1 is true",
}
_NOT_SAID = {
    "errors.filter_finer_than_the_data": "a grain that nothing has is no member",
    "errors.filter_of_unlike_kinds": "what is no number has words of its own",
}


class UnsaidError(Exception):
    """Cube has no words for this; its text says why."""


class CubeInterface:
    """Cube's API by POST, a page after the other where pages are asked."""

    name = "Cube"
    can_say = TIMES | {
        *("metrics", "group_by", "where", "order_by", "limit", "values", "page_size"),
    }
    least = 200

    def __init__(self, url: str) -> None:
        self._url = f"{url}/cubejs-api/v1/load"
        self._session = requests.Session()

    def lacks(self, asked: Asked) -> str | None:
        if not (asked.metrics or asked.group_by or asked.values):
            return "a query without members asks for nothing"
        if any(name != name.lower() for name in asked.group_by):
            return "members are called as they are written"
        if asked.period is not None and asked.period.startswith(("from", "until")):
            return "a range of dates has two ends"
        try:
            query(asked)
        except UnsaidError as error:
            return str(error)
        except MetricsStoreError:
            return "it is no filter that could be written as JSON"
        own = (why for said, why in _OWN.items() if said in (asked.error or ""))
        return _NOT_SAID.get(asked.name) or next(own, None)

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        rows: list[dict[str, Any]] = []
        pages = {"limit": asked.page_size, "total": True} if asked.page_size else {}
        while True:
            offset = {"offset": len(rows)} if pages else {}
            body = {"query": {**query(asked), **pages, **offset}}
            response = self._session.post(self._url, json=body, timeout=60)
            if response.status_code != _OK:
                words = response.json()["error"]
                return Refusal(words, words.partition("\n")[0])
            found = response.json()
            rows += found["data"]
            if not pages or len(rows) >= found["total"]:
                break
        assert like is not None, rows
        names = [_key(one) for one in (*_grouped(asked), *asked.metrics)]
        shown = names[: len(like.columns)]
        return of_texts(like.columns, [[row[one] for one in shown] for row in rows], like)


def _grouped(asked: Asked) -> tuple[str, ...]:
    return asked.group_by if asked.values is None else (asked.values,)


def _member(name: str) -> str:
    return f"{_CUBE}.{name}"


def _key(name: str) -> str:
    """Give what a column is called: a time by its granularity."""
    path, grain, _ = split(name)
    return f"{_member(path)}.{grain}" if grain else _member(name)


def query(asked: Asked) -> dict[str, Any]:
    """Write a request as a query.

    Raises:
        UnsaidError: Cube has no words for a part of it.
    """
    grouped = _grouped(asked)
    times = [split(name) for name in grouped]
    found: dict[str, Any] = {
        "measures": [_member(name) for name in asked.metrics],
        "dimensions": [
            _member(name) for name, (_, grain, _) in zip(grouped, times, strict=True) if not grain
        ],
        "timeDimensions": [
            {"dimension": _member(path), "granularity": grain} for path, grain, _ in times if grain
        ],
        "filters": _filters(asked),
        "limit": asked.limit,
        "order": _order(asked, grouped),
    }
    if asked.period is not None:
        span = {"dimension": _member("metric_time"), "dateRange": asked.period}
        found["timeDimensions"].append(span)
    if asked.start_time and asked.end_time:
        ends = [asked.start_time.isoformat(), asked.end_time.isoformat()]
        found["timeDimensions"].append({"dimension": _member("metric_time"), "dateRange": ends})
    return found


def _order(asked: Asked, grouped: tuple[str, ...]) -> list[list[str]]:
    # Nothing said is by what it is grouped by.
    names = asked.order_by or grouped
    return [
        [
            _key(name.removeprefix("-")),
            "desc" if name.startswith("-") else "asc",
        ]
        for name in names
    ]


def _filters(asked: Asked) -> list[dict[str, Any]]:
    found = []
    where = parse_filters(asked.where)
    if where is not None and where != tree.Constant(holds=True):
        found.append(_condition(where, isnt=False))
    for day, word in ((asked.start_time, "afterOrOnDate"), (asked.end_time, "beforeOrOnDate")):
        if day is not None and not (asked.start_time and asked.end_time):
            found.append(_one("metric_time", word, day))
    return found


def _one(name: str, word: str, *values: object) -> dict[str, Any]:
    return {"member": _member(name), "operator": word, "values": [_text(one) for one in values]}


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _condition(given: tree.Filter, *, isnt: bool) -> dict[str, Any]:
    match given:
        case tree.All(parts) | tree.Any(parts):
            word = "and" if isinstance(given, tree.All) != isnt else "or"
            return {word: [_condition(one, isnt=isnt) for one in parts]}
        case tree.Not(part):
            return _condition(part, isnt=not isnt)
        case tree.Constant():
            raise UnsaidError("a filter is of members")
        case tree.Pattern():
            return _pattern(given, isnt=isnt)
    return _predicate(given, isnt=isnt)


def _predicate(given: tree.Predicate, *, isnt: bool) -> dict[str, Any]:
    name = _name(given.term)
    match given:
        case tree.Missing():
            return {"member": _member(name), "operator": "set" if isnt else "notSet"}
        case tree.Truth():
            return _one(name, "equals", not isnt)
        case tree.Comparison(_, operator, value) if operator in _ORDERINGS:
            word = _ORDERINGS[operator]
            return _one(name, _OPPOSITE[word] if isnt else word, value)
        case tree.Comparison(_, operator, value):
            return _equal(name, (value,), isnt=isnt != (operator is tree.Operator.NOT_EQUAL))
        case tree.Membership(_, values):
            return _equal(name, values, isnt=isnt)
        case tree.Range(_, low, high):
            words = ("lt", "gt") if isnt else ("gte", "lte")
            ends = [_one(name, *one) for one in zip(words, (low, high), strict=True)]
            return {"or" if isnt else "and": ends}
    raise AssertionError(given)


def _pattern(given: tree.Pattern, *, isnt: bool) -> dict[str, Any]:
    inner = str(given.pattern).strip("%")
    match given.term:
        case tree.Applied(tree.Function.LOWER, term) if given.pattern == f"%{inner}%":
            if not isnt and "_" not in inner:
                return _one(_name(term), "contains", inner)
    raise UnsaidError("Cube compares texts without their case")


def _equal(name: str, values: tuple[object, ...], *, isnt: bool) -> dict[str, Any]:
    # In SQL what has no value is not unequal either: null among the values says so.
    return _one(name, "notEquals", *values, None) if isnt else _one(name, "equals", *values)


def _name(term: tree.Term) -> str:
    match term:
        case tree.Name(kind=tree.Kind.METRIC):
            raise UnsaidError("Cube has no metric by an entity in a filter")
        case tree.Name():
            return str(term)
        case tree.Applied(function, tree.Name() as name) if function in _PARTS:
            return f"{name.path}__extract_{_PARTS[function]}"
    raise UnsaidError("Cube has no functions in filters")
