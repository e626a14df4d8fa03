"""Conditions on dimensions, written in PostgreSQL's SQL, become the filters of questions.

What a condition compares with may be any SQL without columns, and parameters: PostgreSQL works it
out, and a value takes its place when the question is asked.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.blocks.sql_types import TIMES
from metrics_store.query.selects.blocks.whole_days import in_whole_days, without_zone
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.staged_queries import has_staged, is_staged
from metrics_store.query.selects.tables.column_types import TEXT
from metrics_store.query.selects.tables.metric_tables import DimensionColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.selects.tables.metric_tables import MetricTable

_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(\+00:00|Z)?")
_WHOLE = {exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.DECIMAL}
_WHOLE_PARTS = {"year", "quarter", "month", "week", "day"}
_OF_DAYS = {"day", "week", "month", "quarter", "year"}
# What is compared may be worked out; what it is compared with, and how, may not.
_STRUCTURE = (exp.Identifier, exp.DataType, exp.Var, exp.Interval, exp.Tuple, exp.Any)
Value = object


def constants(condition: exp.Expr) -> list[exp.Expr]:
    """Give the parts of a condition without columns that are more than a literal."""
    found: list[exp.Expr] = []

    def look(node: exp.Expr) -> None:
        if is_staged(node):
            found.append(node)
            return
        if isinstance(node, _STRUCTURE[:4]) or _is_literal(node):
            return
        if isinstance(node, exp.Any):
            look(node.this)
        elif node.find(exp.Column) or isinstance(node, exp.Tuple):
            for child in node.iter_expressions():
                look(child)
        else:
            found.append(node)

    look(condition)
    return found


def _is_literal(node: exp.Expr) -> bool:
    if isinstance(node, exp.Neg):
        return isinstance(node.this, exp.Literal)
    if isinstance(node, exp.Cast) and node.to.this in TIMES:
        literal = node.this
        return (
            isinstance(literal, exp.Literal)
            and literal.is_string
            and _ISO.fullmatch(literal.name) is not None
        )
    return isinstance(node, exp.Literal | exp.Boolean | exp.Null)


def read_condition(
    condition: exp.Expr, table: MetricTable, value_of: Callable[[exp.Expr], Value]
) -> Filter:
    """Read a condition as a filter.

    Args:
        condition: The condition, over the table's columns.
        table: The table.
        value_of: Gives the value of a part without columns.

    Raises:
        MetricsStoreError: It says what filters cannot.
    """
    filled = {id(one): value_of(one) for one in constants(condition)}

    def fill(node: exp.Expr) -> exp.Expr:
        return _written(filled[id(node)], node) if id(node) in filled else node

    def named(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        column = table.column(identifier(node.this))
        assert isinstance(column, DimensionColumn)  # noqa: S101 - metrics are kept apart
        return exp.column(exp.to_identifier(column.group_by))

    # Not a copy: what is filled in is found by identity.
    tree = in_whole_days(without_zone(_changed(condition, fill), table), table)
    written = _simplified(_without_casts(tree, table).transform(named)).sql()
    try:
        return parse_filter(written)
    except MetricsStoreError as error:
        # In the words of whoever wrote it: what is parsed here is ours.
        error.where = condition.sql(dialect="postgres")
        raise


def _without_casts(tree: exp.Expr, table: MetricTable) -> exp.Expr:
    """Give a condition without casts that change no value.

    Texts are cast to texts, the first moments of periods to days, parts of times to whole numbers.
    """

    def bare(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Trunc) and not node.args.get("decimals"):
            kind = exp.DType.INT
        elif isinstance(node, exp.Cast) and not node.to.expressions:
            kind = node.to.this
        else:
            return node
        inner = bare(node.this.unnest())
        if isinstance(inner, exp.Column):
            is_same = kind is exp.DType.TEXT and table.column(identifier(inner.this)).type == TEXT
        elif isinstance(inner, exp.TimestampTrunc):
            is_same = kind in TIMES and inner.args["unit"].name.lower() in _OF_DAYS
        else:
            is_same = isinstance(inner, exp.Extract) and kind in _WHOLE
            is_same = is_same and inner.name.lower() in _WHOLE_PARTS
        return inner if is_same else node

    return tree.transform(bare)


def _changed(node: exp.Expr, change: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    new = change(node)
    if new is not node:
        return new

    def child(value: object) -> object:
        if isinstance(value, exp.Expr):
            return _changed(value, change)
        return [child(one) for one in value] if isinstance(value, list) else value

    return type(node)(**{name: child(value) for name, value in node.args.items()})


def _simplified(tree: exp.Expr) -> exp.Expr:
    """Write what PostgreSQL has words of its own for as filters write it."""

    def change(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Not) and _has_null(_bare(node.this)):
            # What is missing might be equal: that nothing is can never be said.
            return exp.false()
        if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
            return _one_of(node.this, node.expression)
        if isinstance(node, exp.GT) and isinstance(node.this, exp.StrPosition):
            return _holds(node.this, node)
        if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
            unit = exp.Literal.string(node.args["unit"].name.lower())
            return exp.Anonymous(this="DATE_TRUNC", expressions=[unit, node.this])
        if isinstance(node, exp.Like | exp.ILike):
            pattern = node.expression
            if isinstance(pattern, exp.Literal) and "\\" in pattern.name:
                raise inexpressible(
                    "a pattern has an escape", node, "use a pattern with % and _ alone"
                )
            if isinstance(node, exp.ILike) and isinstance(pattern, exp.Literal):
                lower = exp.Literal.string(pattern.name.lower())
                return exp.Like(this=exp.Lower(this=node.this), expression=lower)
        return node

    return tree.transform(change)


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _has_null(node: exp.Expr) -> bool:
    if not isinstance(node, exp.EQ) or not isinstance(node.expression, exp.Any):
        return False
    return any(isinstance(one, exp.Null) for one in _bare(node.expression.this).expressions)


def _holds(position: exp.StrPosition, node: exp.GT) -> exp.Expr:
    """Give the condition that a text has others in it, written as where they begin."""
    part = position.args["substr"]
    if (
        node.expression.sql() != "0"
        or not isinstance(part, exp.Literal)
        or set(part.name) & {*"%_"}
    ):
        raise inexpressible("a text is looked for in a way that filters do not have", node)
    return exp.Like(this=position.this, expression=exp.Literal.string(f"%{part.name}%"))


def _one_of(term: exp.Expr, values: exp.Any) -> exp.Expr:
    inner = _bare(values.this)
    if not isinstance(inner, exp.Tuple | exp.Array):
        raise inexpressible("= ANY is of an array", values)
    if not inner.expressions:
        return exp.false()
    some = [one.copy() for one in inner.expressions if not isinstance(one, exp.Null)]
    if len(some) < len(inner.expressions) and values.find_ancestor(exp.Not):
        raise inexpressible("NULL stands among values within NOT", values)
    return exp.In(this=term, expressions=some) if some else exp.false()


def _written(value: Value, node: exp.Expr) -> exp.Expr:
    match value:
        case None:
            return exp.null()
        case bool():
            return exp.true() if value else exp.false()
        case int() | Decimal():
            number = exp.Literal.number(abs(value))
            return exp.Neg(this=number) if value < 0 else number
        case str():
            time = _ZONE.fullmatch(value)
            text = f"{time[1]} {time[2]}" if time and _is_time(node) else value
            return exp.Literal.string(text.removesuffix(" 00:00:00") if time else text)
        case list():
            return exp.Array(expressions=[_written(one, node) for one in value])
    raise inexpressible("a value is of a type that filters do not have", node)


def _is_time(node: exp.Expr) -> bool:
    # A text that is compared with a text and looks like a time in JSON stays what it is.
    return not (isinstance(node, exp.Cast) and node.to.this in (exp.DType.TEXT, exp.DType.VARCHAR))


def probe(
    conditions: Sequence[exp.Expr], grains: Sequence[exp.Expr], table: MetricTable
) -> exp.Expr | None:
    """Give conditions with nothing in the place of columns: PostgreSQL finds types of parameters.

    None where there are no parameters.

    Args:
        conditions: Conditions over the table's columns.
        grains: Grains, which are texts.
        table: The table.
    """

    def change(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        kind = table.column(identifier(node.this)).type
        return exp.cast(exp.null(), exp.DataType.build(kind, dialect="postgres"))

    found = [
        one.transform(change) for one in conditions if one.find(exp.Parameter) or has_staged(one)
    ]
    found += [exp.Is(this=exp.cast(one, "text"), expression=exp.null()) for one in grains]
    return exp.and_(*found) if found else None
