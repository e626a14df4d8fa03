"""The select list: its columns, and its aliases for other clauses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import unwrapped
from metrics_store.review.relations.expressions.sql_functions import (
    multiplies_rows,
    nodes_outside_subqueries,
)
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint, one_of
from metrics_store.review.relations.queries.output_columns import OutputColumns
from metrics_store.review.relations.relation import OpenColumns, Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
    from metrics_store.review.relations.expressions.query_scope import Input


def aliases(
    select: exp.Select, reader: Callable[[], ExpressionReader]
) -> dict[str, Callable[[], str]]:
    """Give the names of the select list and, when called, what they name.

    Args:
        select: The select.
        reader: Gives how the list is read where a name is used.
    """
    found: dict[str, Callable[[], str]] = {}
    for node in select.expressions:
        if isinstance(node, exp.Alias):
            # In the list itself, a name may be used after it was given.
            earlier = dict(found)
            found[node.alias.lower()] = _alias_reader(node, reader, earlier)
    return found


def _alias_reader(
    node: exp.Alias, reader: Callable[[], ExpressionReader], earlier: dict[str, Callable[[], str]]
) -> Callable[[], str]:
    memory: dict[tuple[str, str], str] = {}

    def read() -> str:
        current = reader()
        if current.scope.dialect == "postgres":
            earlier.clear()
        state = (current.rows, current.window_rows)
        if state not in memory:
            memory[state] = _with_aliases(current, earlier).read(node.this)
        return memory[state]

    return read


def _with_aliases(
    reader: ExpressionReader, names: dict[str, Callable[[], str]]
) -> ExpressionReader:
    return replace(reader, aliases=names, alias_or_column="column")


def project(select: exp.Select, reader: ExpressionReader) -> OutputColumns:
    """Give the output columns of a select.

    Args:
        select: The select.
        reader: How its list is read.
    """
    output = OutputColumns(reader.scope.dialect)
    named = aliases(select, lambda: reader)
    earlier: dict[str, Callable[[], str]] = {}
    for node in select.expressions:
        _add(node, _with_aliases(reader, dict(earlier)), output)
        if isinstance(node, exp.Alias) and reader.scope.dialect != "postgres":
            earlier[node.alias.lower()] = named[node.alias.lower()]
    return output


def _add(node: exp.Expr, reader: ExpressionReader, output: OutputColumns) -> None:
    value = unwrapped(node)
    if isinstance(value, exp.Star):
        _star(value, "", reader, output)
    elif isinstance(value, exp.Column) and isinstance(value.this, exp.Star):
        _star(value.this, value.parts[-2].name.lower(), reader, output)
    elif isinstance(node, exp.Aliases):
        raise NotUnderstoodError
    else:
        column = reader.read(value)
        if isinstance(value, exp.Explode | exp.Unnest) and not isinstance(node, exp.Alias):
            # Of a structure it may be several columns.
            output.open_columns.append(OpenColumns(column))
        output.add(_name(node, reader.scope.dialect), column)


def _name(node: exp.Expr, dialect: str) -> str:
    return (node.output_name or node.sql(dialect=dialect)).lower()


@dataclass(frozen=True)
class _StarModifiers:
    """What a star leaves out, and what it gives otherwise."""

    without: frozenset[str]
    replaced: dict[str, exp.Expr]
    renamed: dict[str, str]

    @classmethod
    def of(cls, star: exp.Star) -> _StarModifiers:
        if {key for key, value in star.args.items() if value} - {"except_", "replace", "rename"}:
            raise NotUnderstoodError
        return cls(
            frozenset(each.name.lower() for each in star.args.get("except_") or []),
            {each.alias.lower(): each.this for each in star.args.get("replace") or []},
            {each.this.name.lower(): each.alias.lower() for each in star.args.get("rename") or []},
        )

    def add(self, name: str, column: str, reader: ExpressionReader, output: OutputColumns) -> None:
        if name not in self.without:
            value = reader.read(self.replaced[name]) if name in self.replaced else column
            output.add(self.renamed.get(name, name), value)


def _star(star: exp.Star, table: str, reader: ExpressionReader, output: OutputColumns) -> None:
    changes = _StarModifiers.of(star)
    inputs = [each for each in reader.scope.inputs if not each.is_hidden]
    if table:
        inputs = [each for each in inputs if each.name == table]
    if not inputs:
        raise NotUnderstoodError
    merged_names: set[str] = set()
    for each in inputs:
        for name, column in _columns(each, reader, merged_names, is_whole=not table):
            changes.add(name, column, reader, output)
    open_columns = [opening for each in inputs for opening in each.open_columns()]
    if open_columns:
        # What a star over unknown columns names is one of them, unless it was known before.
        named = {*changes.replaced, *changes.renamed} - changes.without
        for name in sorted(named - {name for each in inputs for name in each.relation.columns}):
            found = one_of(opening.column(name) for opening in open_columns)
            changes.add(name, found, reader, output)
    output.open_columns += open_columns


def _columns(
    each: Input, reader: ExpressionReader, merged_names: set[str], *, is_whole: bool
) -> list[tuple[str, str]]:
    """Give an input's columns; those that `using` merged, once."""
    found = []
    for name in each.relation.columns:
        column = each.column(name)
        if is_whole and name in reader.scope.merged:
            if name in merged_names:
                continue
            merged_names.add(name)
            column = reader.scope.merged[name]
        found.append((name, column))
    return found


def multiplied_rows(select: exp.Select, rows: Rows, reader: ExpressionReader) -> Rows:
    """Give the rows after the functions in the select list that make several of one."""
    found = [
        _with_aliases(reader, dict(reader.aliases)).read(node)
        for each in select.expressions
        for node in nodes_outside_subqueries(each)
        if multiplies_rows(node, reader.scope.dialect)
    ]
    return Rows(fingerprint("multiplied", rows.fingerprint, sorted(set(found)))) if found else rows
