"""Filters as JSON, for interfaces without SQL.

A condition is an object with one key: `and`, `or` (lists of conditions), `not` (a condition), or
`compare`, `in`, `between`, `like`, `is_null`, `is_true` (an object with its `name` and values).
With `"escaped": true` a `!` in the pattern of `like` makes the next character a plain one.
A name is an object too: `{"dimension": "owner__team"}`, `{"time_dimension": "metric_time",
"grain": "month"}`, `{"entity": "opportunity"}` or, for either of them, `{"name": "owner__team"}`;
a metric worked out for entities is `{"metric": "revenue", "group_by": ["account"]}`.
In the place of a name may stand what is made of it: `{"function": "lower", "of": <name>}` with one
of `lower`, `upper`, `trim`, `text`, `year`, `quarter`, `month`, `week`, `day`, `day_of_year`,
`day_of_week` (0 is Sunday) and `iso_day_of_week` (1 is Monday), or `{"default": "none", "of":
<name>}` for a value in the place of none. `{"constant": true}` holds for every row.
Days, times and exact decimals are `{"date": "2024-01-31"}`, `{"timestamp": ...}`,
`{"decimal": "0.10"}`.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from metrics_store.query.filters import filter_tree as tree
from metrics_store.query.filters.filter_errors import rejected

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError

_DEEPEST = 40


def to_json(node: tree.Filter) -> dict[str, object]:
    """Write a filter as plain JSON values; `from_json` reads them back."""
    match node:
        case tree.All(parts):
            return {"and": [to_json(part) for part in parts]}
        case tree.Any(parts):
            return {"or": [to_json(part) for part in parts]}
        case tree.Not(part):
            return {"not": to_json(part)}
        case tree.Constant(holds):
            return {"constant": holds}
        case _:
            return _predicate_out(node)


def _predicate_out(node: tree.Predicate) -> dict[str, object]:
    match node:
        case tree.Comparison(term, operator, value):
            fields = {"operator": operator.value, "value": _value_out(value)}
            return {"compare": {"name": _term_out(term), **fields}}
        case tree.Membership(term, values):
            return {"in": {"name": _term_out(term), "values": [_value_out(one) for one in values]}}
        case tree.Range(term, low, high):
            fields = {"low": _value_out(low), "high": _value_out(high)}
            return {"between": {"name": _term_out(term), **fields}}
        case tree.Pattern(term, pattern, escaped):
            fields = {"pattern": pattern, **({"escaped": True} if escaped else {})}
            return {"like": {"name": _term_out(term), **fields}}
        case tree.Missing(term):
            return {"is_null": {"name": _term_out(term)}}
        case tree.Truth(term):
            return {"is_true": {"name": _term_out(term)}}


def from_json(given: object, depth: int = 0) -> tree.Filter:
    """Parse a filter written as JSON values.

    Raises:
        MetricsStoreError: It has another form, or says what filters cannot.
    """
    if depth > _DEEPEST:
        raise rejected("a filter is nested too deeply", expected=f"at most {_DEEPEST}")
    if not isinstance(given, dict) or len(given) != 1:
        raise _unexpected(given, "a condition: an object with one key, such as {'and': [...]}")
    [(key, body)] = given.items()
    if key in ("and", "or"):
        if not isinstance(body, list) or not body:
            raise _unexpected(body, f"the list of conditions of `{key}`")
        parts = tuple(from_json(part, depth + 1) for part in body)
        return tree.all_of(parts) if key == "and" else tree.any_of(parts)
    if key == "not":
        return tree.negated(from_json(body, depth + 1))
    if key == "constant" and isinstance(body, bool):
        return tree.Constant(body)
    return _predicate_in(key, body)


def _predicate_in(key: object, body: object) -> tree.Predicate:
    match key, body:
        case "compare", {"name": name, "operator": str(operator), "value": value, **rest} if (
            not rest and operator in {one.value for one in tree.Operator}
        ):
            return tree.Comparison(_term_in(name), tree.Operator(operator), _value_in(value))
        case "in", {"name": name, "values": list(values), **rest} if not rest:
            return tree.Membership(_term_in(name), tuple(_value_in(value) for value in values))
        case "between", {"name": name, "low": low, "high": high, **rest} if not rest:
            return tree.Range(_term_in(name), _value_in(low), _value_in(high))
        case "like", {"name": name, "pattern": str(pattern), **rest} if _is_escaping(rest):
            return tree.Pattern(_term_in(name), pattern, bool(rest.get("escaped")))
        case "is_null", {"name": name, **rest} if not rest:
            return tree.Missing(_term_in(name))
        case "is_true", {"name": name, **rest} if not rest:
            return tree.Truth(_term_in(name))
        case _:
            raise _unexpected({key: body}, "a condition such as {'is_null': {'name': {...}}}")


def _is_escaping(rest: dict[object, object]) -> bool:
    """Whether nothing more is said of a pattern than whether it has escapes."""
    return rest.keys() <= {"escaped"} and isinstance(rest.get("escaped", False), bool)


def _term_out(term: tree.Term) -> dict[str, object]:
    match term:
        case tree.Applied(function, inner):
            return {"function": function.value, "of": _term_out(inner)}
        case tree.Default(inner, value):
            return {"default": _value_out(value), "of": _term_out(inner)}
        case _:
            return _name_out(term)


def _term_in(given: object, depth: int = 0) -> tree.Term:
    if depth > _DEEPEST:
        raise rejected("a filter is nested too deeply", expected=f"at most {_DEEPEST}")
    match given:
        case {"function": str(function), "of": inner, **rest} if not rest and function in {
            one.value for one in tree.Function
        }:
            return tree.Applied(tree.Function(function), _term_in(inner, depth + 1))
        case {"default": value, "of": inner, **rest} if not rest:
            return tree.Default(_term_in(inner, depth + 1), _value_in(value))
    return _name_in(given)


def _name_out(name: tree.Name) -> dict[str, object]:
    fields: dict[str, object] = {name.kind.value: name.path}
    if name.group_by:
        fields["group_by"] = list(name.group_by)
    return {**fields, "grain": name.grain} if name.grain else fields


def _name_in(given: object) -> tree.Name:
    match given:
        case {"metric": str(metric), "group_by": list(group_by), **rest} if not rest and all(
            isinstance(one, str) for one in group_by
        ):
            return tree.Name(metric, tree.Kind.METRIC, group_by=tuple(group_by))
    if isinstance(given, dict):
        fields = dict(given)
        grain = fields.pop("grain", None)
        if len(fields) == 1 and all(isinstance(text, str) for text in given.values()):
            [(key, path)] = fields.items()
            kinds = {kind.value: kind for kind in tree.Kind}
            graded = (tree.Kind.TIME_DIMENSION, tree.Kind.UNSPECIFIED)
            if key in kinds and (grain is None or kinds[key] in graded):
                return tree.Name(path, kinds[key], grain)
    raise _unexpected(given, "a name such as {'dimension': 'owner__team'}")


def _value_out(value: tree.Value) -> object:
    match value:
        case Decimal():
            return {"decimal": format(value, "f")}
        case dt.datetime():
            return {"timestamp": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case _:
            return value


def _value_in(given: object) -> tree.Value:
    try:
        match given:
            case str() | bool() | int():
                return given
            case float():
                return Decimal(str(given))
            case {"decimal": str(text), **rest} if not rest:
                return Decimal(text)
            case {"date": str(text), **rest} if not rest:
                return dt.date.fromisoformat(text)
            case {"timestamp": str(text), **rest} if not rest:
                return dt.datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        pass
    raise _unexpected(given, "a text, a number, true, false or {'date': '2024-01-31'}")


def _unexpected(given: object, expected: str) -> MetricsStoreError:
    return rejected("the JSON of a filter is of another form", _shown(given), expected=expected)


def _shown(given: object) -> str:
    try:
        return json.dumps(given, default=str)
    except (RecursionError, ValueError, TypeError):
        return ""
