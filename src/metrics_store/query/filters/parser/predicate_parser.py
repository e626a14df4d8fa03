"""Parses the predicates of a filter: an allow-list of syntax, with nothing left over."""

from __future__ import annotations

import datetime as dt
import operator
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from metrics_store.query.filters.filter_tree import (
    Applied,
    Comparison,
    Constant,
    Filter,
    Function,
    Membership,
    Missing,
    Operator,
    Pattern,
    Range,
    Truth,
    Value,
    negated,
)
from metrics_store.query.filters.letter_case import lower
from metrics_store.query.filters.parser.filter_text import CONDITIONS, unsupported_reason
from metrics_store.query.filters.parser.term_parser import read_term
from metrics_store.query.filters.parser.value_parser import is_value, read_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.filters.parser.filter_text import FilterText

_OPERATORS: dict[type[exp.Expr], Operator] = {
    exp.EQ: Operator.EQUAL,
    exp.NEQ: Operator.NOT_EQUAL,
    exp.LT: Operator.LESS,
    exp.LTE: Operator.LESS_OR_EQUAL,
    exp.GT: Operator.GREATER,
    exp.GTE: Operator.GREATER_OR_EQUAL,
}
_MIRRORED = {
    Operator.LESS: Operator.GREATER,
    Operator.LESS_OR_EQUAL: Operator.GREATER_OR_EQUAL,
    Operator.GREATER: Operator.LESS,
    Operator.GREATER_OR_EQUAL: Operator.LESS_OR_EQUAL,
}
_HOLDS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def read_predicate(node: exp.Expr, source: FilterText) -> Filter:  # noqa: PLR0911 - a return a kind
    """Parse one predicate.

    Raises:
        MetricsStoreError: It is none that filters have.
    """
    if type(node) in _OPERATORS:
        return _comparison(node, _OPERATORS[type(node)], source)
    match node:
        case exp.Boolean():
            return Constant(bool(node.this))
        case exp.Column() | exp.Coalesce():
            return Truth(read_term(node, source))
        case exp.In():
            source.check_arguments(node, "this", "expressions")
            values = tuple(read_value(value, source) for value in node.expressions)
            return Membership(read_term(node.this, source), values)
        case exp.Between():
            source.check_arguments(node, "this", "low", "high")
            low, high = (read_value(node.args[key], source) for key in ("low", "high"))
            return Range(read_term(node.this, source), low, high)
        case exp.Like() | exp.ILike():
            return _pattern(node, source)
        case exp.Is() if isinstance(node.expression, exp.Null):
            source.check_arguments(node, "this", "expression")
            return Missing(read_term(node.this, source))
        case _:
            raise source.rejected(unsupported_reason(node), node, CONDITIONS)


def _comparison(node: exp.Expr, comparison: Operator, source: FilterText) -> Filter:
    source.check_arguments(node, "this", "expression")
    if not is_value(node.this):
        return Comparison(
            read_term(node.this, source), comparison, read_value(node.expression, source)
        )
    value = read_value(node.this, source)
    if not is_value(node.expression):
        return Comparison(
            read_term(node.expression, source), _MIRRORED.get(comparison, comparison), value
        )
    other = read_value(node.expression, source)
    if _family(value) is not _family(other) or (
        isinstance(value, str) and comparison not in (Operator.EQUAL, Operator.NOT_EQUAL)
    ):
        # Engines disagree on both: which letter comes first, and what 1 is beside '1'.
        raise source.rejected("a filter compares two values of its own", node, "such as 1 = 1")
    return Constant(_HOLDS[comparison](value, other))


def _family(value: Value) -> type:
    """Give the kind of a value that others can be compared with."""
    for family in (bool, str, dt.datetime, dt.date):
        if isinstance(value, family):
            return family
    return int


def _pattern(node: exp.Like | exp.ILike, source: FilterText) -> Filter:
    source.check_arguments(node, "this", "expression", "negate")
    term, pattern = read_term(node.this, source), read_value(node.expression, source)
    if not isinstance(pattern, str):
        raise source.rejected("LIKE needs a text", node.expression, "such as 'EM%'")
    if isinstance(node, exp.ILike):
        term, pattern = Applied(Function.LOWER, term), lower(pattern)
    fits = Pattern(term, pattern)
    # The one NOT that the parser keeps inside.
    return negated(fits) if node.args.get("negate") else fits
