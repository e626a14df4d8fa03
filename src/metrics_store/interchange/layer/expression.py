"""SQL of the definitions, split at the columns that it names, so that each can be said anew."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_TERMS = (exp.Column, exp.Case, exp.Paren, exp.Literal, exp.Boolean, exp.Null, exp.AggFunc)


@dataclass(frozen=True)
class Column:
    """A column in an expression.

    Attributes:
        text: The column as it is written, quoted or not.
        name: Its name.
    """

    text: str
    name: str


class NotSplitError(Exception):
    """An expression whose columns cannot be told; the message says why."""


def split_columns(expression: str, dialect: str) -> tuple[str | Column, ...]:
    """Split an expression over one table at its columns; all else stays as it is written.

    Raises:
        NotSplitError: It is no SQL that can be read, or names other tables.
    """
    try:
        tree = sqlglot.parse_one(expression, dialect=dialect)
    except SqlglotError:
        raise NotSplitError(f"`{expression}` cannot be read as SQL") from None
    if tree.find(exp.Query) is not None:
        raise NotSplitError(f"`{expression}` has a query of its own")
    parts: list[str | Column] = []
    end = 0
    for column in sorted(tree.find_all(exp.Column), key=_start):
        if column.table or isinstance(column.this, exp.Star):
            raise NotSplitError(f"`{expression}` names a table")
        meta = column.this.meta
        parts.append(expression[end : meta["start"]])
        end = meta["end"] + 1
        parts.append(Column(expression[meta["start"] : end], column.name))
    parts.append(expression[end:])
    return tuple(part for part in parts if part)


def is_one_term(expression: str, dialect: str) -> bool:
    """Whether an expression stays one where it is put among operators without parentheses."""
    try:
        tree = sqlglot.parse_one(expression, dialect=dialect)
    except SqlglotError:
        return False
    if isinstance(tree, exp.Cast):
        # Written with `::`, it binds to what stands before it.
        return expression.lstrip().lower().startswith(("cast", "try_cast"))
    return isinstance(tree, _TERMS)


def is_condition(expression: str, dialect: str) -> bool:
    """Whether an expression is true or false by its form, such as `amount > 500`."""
    try:
        tree = sqlglot.parse_one(expression, dialect=dialect)
    except SqlglotError:
        return False
    return isinstance(tree.unnest(), exp.Predicate | exp.Connector | exp.Not | exp.Boolean)


def _start(column: exp.Column) -> int:
    start = column.this.meta.get("start")
    if start is None:
        raise NotSplitError(f"the place of `{column.sql()}` cannot be told")
    found: int = start
    return found
