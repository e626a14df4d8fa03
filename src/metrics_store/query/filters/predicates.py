"""The single conditions of a parsed filter: an allow-list of nodes, with nothing left over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.filters.days import is_worked_out, read_day
from metrics_store.query.filters.refusal import refused, refused_at
from metrics_store.query.filters.tree import (
    Comparison,
    Membership,
    Missing,
    Name,
    Not,
    Operator,
    Pattern,
    Predicate,
    Range,
    Truth,
    Value,
)

_OPERATORS: dict[type[exp.Expr], Operator] = {
    exp.EQ: Operator.EQUAL,
    exp.NEQ: Operator.NOT_EQUAL,
    exp.LT: Operator.LESS,
    exp.LTE: Operator.LESS_OR_EQUAL,
    exp.GT: Operator.GREATER,
    exp.GTE: Operator.GREATER_OR_EQUAL,
}
_TIMES = (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP)
_CONDITIONS = (
    "a name, then =, !=, <, <=, >, >=, [NOT] IN, [NOT] BETWEEN, [NOT] LIKE or IS [NOT] NULL; "
    "joined by AND, OR, NOT"
)

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError
_VALUES = "a text in single quotes, a number, true, false, date '2024-01-31' or timestamp '...'"


@dataclass(frozen=True)
class Place:
    """The text of a filter with its names by where they begin, to tell where a part stands."""

    text: str
    names: dict[int, Name]

    def refused(self, what: str, node: exp.Expr, expected: str) -> MetricsStoreError:
        """Give the error for a node, with its place where the parser kept it."""
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        if starts:
            return refused_at(what, self.text, min(starts), expected=expected)
        return refused(what, self.text, expected=expected)

    def check_arguments(self, node: exp.Expr, *allowed: str) -> None:
        """Refuse a node that says more than its allowed arguments."""
        for key, value in node.args.items():
            if key not in allowed and value not in (None, False, []):
                raise self.refused("a filter says something that filters cannot", node, _CONDITIONS)


def read_predicate(node: exp.Expr, place: Place) -> Predicate | Not:
    """Understand one condition.

    Raises:
        MetricsStoreError: It is none that filters have.
    """
    operator = _OPERATORS.get(type(node))
    if operator is not None:
        place.check_arguments(node, "this", "expression")
        return Comparison(_name(node.this, place), operator, _value(node.expression, place))
    match node:
        case exp.Column():
            return Truth(_name(node, place))
        case exp.In():
            place.check_arguments(node, "this", "expressions")
            values = tuple(_value(value, place) for value in node.expressions)
            return Membership(_name(node.this, place), values)
        case exp.Between():
            place.check_arguments(node, "this", "low", "high")
            low, high = (_value(node.args[key], place) for key in ("low", "high"))
            return Range(_name(node.this, place), low, high)
        case exp.Like():
            place.check_arguments(node, "this", "expression", "negate")
            pattern = _value(node.expression, place)
            if not isinstance(pattern, str):
                raise place.refused("LIKE needs a text", node.expression, "such as 'EM%'")
            fits = Pattern(_name(node.this, place), pattern)
            # The one NOT that the parser keeps inside.
            return Not(fits) if node.args.get("negate") else fits
        case exp.Is() if isinstance(node.expression, exp.Null):
            place.check_arguments(node, "this", "expression")
            return Missing(_name(node.this, place))
        case _:
            raise place.refused(_reason(node), node, _CONDITIONS)


def _reason(node: exp.Expr) -> str:
    if isinstance(node, exp.Func):
        return "a filter calls a function"
    if isinstance(node, exp.Query | exp.Subquery):
        return "a filter selects from a table"
    return "a filter says something that filters cannot"


def _name(node: exp.Expr, place: Place) -> Name:
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Identifier):
        place.check_arguments(node, "this")
        found = place.names.get(node.this.meta.get("start", -1))
        if found is not None:
            return found
    what = "a name is missing" if isinstance(node, exp.Literal) else _reason(node)
    raise place.refused(what, node, "a name first, such as owner__team = 'EMEA'")


def _value(node: exp.Expr, place: Place) -> Value:
    match node:
        case exp.Literal(is_string=True):
            return str(node.this)
        case exp.Literal():
            return _number(node, node.this, place)
        case exp.Neg() if isinstance(node.this, exp.Literal) and not node.this.is_string:
            return -_number(node, node.this.this, place)
        case exp.Boolean():
            return bool(node.this)
        case exp.Cast() if isinstance(node.this, exp.Literal) and node.this.is_string:
            return _time(node, place)
        case _ if is_worked_out(node):
            return read_day(node, place)
        case exp.Null():
            what = "nothing equals NULL"
            raise place.refused(what, node.parent or node, "IS NULL or IS NOT NULL")
        case _:
            raise place.refused("a filter compares with no plain value", node, _VALUES)


def _number(node: exp.Expr, text: str, place: Place) -> int | Decimal:
    whole, _, fraction = text.partition(".")
    if len(text) > len("9" * 40) or not (whole + fraction).isdecimal() or not text.isascii():
        raise place.refused("a filter has a number that cannot be read", node, "such as 12 or 0.5")
    return Decimal(text) if "." in text else int(text)


def _time(node: exp.Cast, place: Place) -> dt.date | dt.datetime:
    place.check_arguments(node, "this", "to")
    kind = node.to.this
    if kind not in _TIMES or node.to.args.get("expressions"):
        raise place.refused("a filter casts a value", node, _VALUES)
    text = str(node.this.this)
    try:
        if kind is exp.DataType.Type.DATE:
            return dt.date.fromisoformat(text)
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise place.refused(
            "a filter has a day that there is not", node, "such as date '2024-01-31'"
        ) from None
