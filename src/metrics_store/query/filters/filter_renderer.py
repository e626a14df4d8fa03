"""Writes a filter as one of MetricFlow's where-templates: names in braces, literals quoted."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.dialects.known_dialects import USUAL
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Applied,
    Comparison,
    Constant,
    Default,
    Filter,
    Function,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Predicate,
    Range,
    Term,
    Truth,
    name_of,
)
from metrics_store.query.filters.letter_case import folded
from metrics_store.query.filters.sql_literals import render_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.dialects.dialect import Dialect

_CALLS = {
    Kind.DIMENSION: "Dimension",
    Kind.TIME_DIMENSION: "TimeDimension",
    Kind.ENTITY: "Entity",
    Kind.METRIC: "Metric",
    # Only a filter that was checked knows; MetricFlow rejects what it is not.
    Kind.UNSPECIFIED: "Dimension",
}


def template_name(name: Name) -> str:
    """Write a name as MetricFlow's templates have it."""
    # Names have letters, digits and underscores only: the tree holds no others.
    *links, last = name.path.split("__")
    # A template reads one entity out of the name itself; those before it stand beside it.
    arguments = f"'{'__'.join([*links[-1:], last])}'" + (f", '{name.grain}'" if name.grain else "")
    if len(links) > 1:
        arguments += f", entity_path={links[:-1]}"
    if name.group_by:
        arguments += f", {list(name.group_by)}"
    # MetricFlow puts a column's name there, in quotes where it is a word of SQL.
    return f"{{{{ {_CALLS[name.kind]}({arguments}) }}}}"


@dataclass(frozen=True)
class RenderOptions:
    """How a filter is written.

    Attributes:
        dialect: The SQL that it is written in.
        tolerant: Whether a value that cannot be compared counts as missing instead of failing the
            whole request; only some dialects can. Times are compared with times and do not fail.
        write: Gives a name as it stands there.
    """

    dialect: Dialect = USUAL
    tolerant: bool = False
    write: Callable[[Name], str] = template_name


def render_filter(tree: Filter, options: RenderOptions) -> str:
    """Write a filter for MetricFlow, each condition in parentheses of its own.

    Raises:
        MetricsStoreError: A value is one that no engine can hold.
    """
    match tree:
        case All(parts) | Any(parts):
            word = " AND " if isinstance(tree, All) else " OR "
            return "(" + word.join(render_filter(one, options) for one in parts) + ")"
        case Not(part):
            return f"(NOT {render_filter(part, options)})"
        case Constant(holds):
            return f"({'TRUE' if holds else 'FALSE'})"
        case _:
            condition = _condition(tree, _term(tree.term, options), options)
    if options.tolerant and name_of(tree.term).kind is not Kind.TIME_DIMENSION:
        condition = f"TRY({condition})"
    return f"({condition})"


def _condition(tree: Predicate, term: str, options: RenderOptions) -> str:
    written = functools.partial(render_value, dialect=options.dialect)
    match tree:
        case Comparison(_, operator, value):
            return f"{term} {operator.value} {written(value)}"
        case Membership(_, values):
            return f"{term} IN ({', '.join(map(written, values))})"
        case Range(_, low, high):
            return f"{term} BETWEEN {written(low)} AND {written(high)}"
        case Pattern(_, pattern, escaped):
            # Engines differ in what escapes; here nothing does, or what is no letter to any.
            form = options.dialect.escaped_like if escaped else options.dialect.like
            return form.format(text=term, pattern=written(pattern))
        case Missing():
            return f"{term} IS NULL"
        case Truth():
            return f"CAST({term} AS BOOLEAN)" if options.tolerant else term


def _term(term: Term, options: RenderOptions) -> str:
    match term:
        case Name():
            return options.write(term)
        case Default(inner, value):
            return f"COALESCE({_term(inner, options)}, {render_value(value, options.dialect)})"
        case Applied(function, inner):
            sql = _term(inner, options)
            if function.gives_text:
                text = f"CAST({sql} AS {options.dialect.text_type})"
                return _text(function, text, options.dialect)
            return options.dialect.parts[function.value].format(sql)


def _text(function: Function, text: str, dialect: Dialect) -> str:
    if function is Function.TEXT:
        return text
    if function is Function.TRIM:
        return dialect.trimmed.format(text)
    return folded(text, dialect.folding, capital=function is Function.UPPER)
