"""The parameters of a plan: taken out of a filter, put into SQL in place of their markers.

A list of values is one parameter, so that its length does not ask for another plan.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Applied,
    Comparison,
    Constant,
    Default,
    Filter,
    Marker,
    Membership,
    Missing,
    Not,
    Pattern,
    Predicate,
    Range,
    Term,
    Truth,
    Value,
    marker_text,
)
from metrics_store.query.filters.sql_literals import render_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.dialects.dialect import Dialect

Parameter = Value | tuple[Value, ...]

_MARKER = re.compile(re.escape(marker_text("\0")).replace("\0", r"([a-z]*\d+)"))


def extract_parameters(tree: Filter) -> tuple[Filter, tuple[Parameter, ...]]:
    """Give a filter with a numbered marker in the place of each value or list, and these."""
    extractor = _Extractor()
    return extractor.filter(tree), tuple(extractor.values)


class _Extractor:
    def __init__(self) -> None:
        self.values: list[Parameter] = []

    def filter(self, node: Filter) -> Filter:
        match node:
            case All(parts):
                return All(tuple(map(self.filter, parts)))
            case Any(parts):
                return Any(tuple(map(self.filter, parts)))
            case Not(part):
                return Not(self.filter(part))
            case Constant():
                return node
            case _:
                return self._predicate(node)

    def _predicate(self, node: Predicate) -> Predicate:
        # The term's own values first: they are numbered as they are come upon.
        term = self._term(node.term)
        match node:
            case Comparison(_, operator, value):
                return Comparison(term, operator, self._marked(value))
            case Membership(_, values):
                return Membership(term, (self._marked(values),))
            case Range(_, low, high):
                return Range(term, self._marked(low), self._marked(high))
            case Pattern(_, pattern, escaped):
                return Pattern(term, self._marked(pattern), escaped)
            case Missing():
                return Missing(term)
            case Truth():
                return Truth(term)

    def _term(self, term: Term) -> Term:
        match term:
            case Applied(function, inner):
                return Applied(function, self._term(inner))
            case Default(inner, value):
                return Default(self._term(inner), self._marked(value))
            case _:
                return term

    def _marked(self, value: Parameter) -> Marker:
        self.values.append(value)
        return Marker(str(len(self.values) - 1))


def fill_parameters(template: str, values: Mapping[str, Parameter], dialect: Dialect) -> str:
    """Put values into SQL, each at the places of its marker.

    Args:
        template: SQL of ours; whatever callers said is not in it but for names that exist.
        values: Label of a marker -> its value, or the values of its list.
        dialect: How they are written.
    """
    written = functools.partial(render_value, dialect=dialect)
    # One pass: what is put in is not looked at again.
    return _MARKER.sub(lambda found: ", ".join(map(written, each(values[found[1]]))), template)


def each(parameter: Parameter) -> tuple[Value, ...]:
    """Give the values of a parameter."""
    return parameter if isinstance(parameter, tuple) else (parameter,)
