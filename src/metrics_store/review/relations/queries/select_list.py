"""The select list: what its columns are, and the names that other clauses may use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import plain
from metrics_store.review.relations.expressions.sql_functions import multiplies_rows, own_nodes
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint, one_of
from metrics_store.review.relations.queries.output_columns import Output
from metrics_store.review.relations.relation import Opening, Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.expressions.expression_reader import Reading
    from metrics_store.review.relations.expressions.query_scope import Input


def aliases(select: exp.Select, reading: Callable[[], Reading]) -> dict[str, Callable[[], str]]:
    """Give the names of the select list and, when called, what they name.

    Args:
        select: The select.
        reading: Gives how the list is read where a name is used.
    """
    found: dict[str, Callable[[], str]] = {}
    for node in select.expressions:
        if isinstance(node, exp.Alias):
            # In the list itself, a name may be used after it was given.
            earlier = dict(found)
            found[node.alias.lower()] = _named(node, reading, earlier)
    return found


def _named(
    node: exp.Alias, reading: Callable[[], Reading], earlier: dict[str, Callable[[], str]]
) -> Callable[[], str]:
    memory: dict[tuple[str, str], str] = {}

    def read() -> str:
        now = reading()
        if now.scope.dialect == "postgres":
            earlier.clear()
        state = (now.rows, now.window_rows)
        if state not in memory:
            memory[state] = _with(now, earlier).read(node.this)
        return memory[state]

    return read


def _with(reading: Reading, names: dict[str, Callable[[], str]]) -> Reading:
    return replace(reading, aliases=names, alias_or_column="column")


def project(select: exp.Select, reading: Reading) -> Output:
    """Give the output columns of a select.

    Args:
        select: The select.
        reading: How its list is read.
    """
    output = Output(reading.scope.dialect)
    named = aliases(select, lambda: reading)
    earlier: dict[str, Callable[[], str]] = {}
    for node in select.expressions:
        _add(node, _with(reading, dict(earlier)), output)
        if isinstance(node, exp.Alias) and reading.scope.dialect != "postgres":
            earlier[node.alias.lower()] = named[node.alias.lower()]
    return output


def _add(node: exp.Expr, reading: Reading, output: Output) -> None:
    value = plain(node)
    if isinstance(value, exp.Star):
        _star(value, "", reading, output)
    elif isinstance(value, exp.Column) and isinstance(value.this, exp.Star):
        _star(value.this, value.parts[-2].name.lower(), reading, output)
    elif isinstance(node, exp.Aliases):
        raise NotUnderstoodError
    else:
        column = reading.read(value)
        if isinstance(value, exp.Explode | exp.Unnest) and not isinstance(node, exp.Alias):
            # Of a structure it may be several columns.
            output.openings.append(Opening(column))
        output.add(_name(node, reading.scope.dialect), column)


def _name(node: exp.Expr, dialect: str) -> str:
    return (node.output_name or node.sql(dialect=dialect)).lower()


@dataclass(frozen=True)
class _Changes:
    """What a star leaves out, and what it gives otherwise."""

    without: frozenset[str]
    replaced: dict[str, exp.Expr]
    renamed: dict[str, str]

    @classmethod
    def of(cls, star: exp.Star) -> _Changes:
        if {key for key, value in star.args.items() if value} - {"except_", "replace", "rename"}:
            raise NotUnderstoodError
        return cls(
            frozenset(each.name.lower() for each in star.args.get("except_") or []),
            {each.alias.lower(): each.this for each in star.args.get("replace") or []},
            {each.this.name.lower(): each.alias.lower() for each in star.args.get("rename") or []},
        )

    def add(self, name: str, column: str, reading: Reading, output: Output) -> None:
        if name not in self.without:
            value = reading.read(self.replaced[name]) if name in self.replaced else column
            output.add(self.renamed.get(name, name), value)


def _star(star: exp.Star, table: str, reading: Reading, output: Output) -> None:
    changes = _Changes.of(star)
    inputs = [each for each in reading.scope.inputs if not each.is_hidden]
    if table:
        inputs = [each for each in inputs if each.name == table]
    if not inputs:
        raise NotUnderstoodError
    merged_seen: set[str] = set()
    for each in inputs:
        for name, column in _columns(each, reading, merged_seen, is_whole=not table):
            changes.add(name, column, reading, output)
    openings = [opening for each in inputs for opening in each.openings()]
    if openings:
        # What a star over unknown columns names is one of them, unless it was known before.
        named = {*changes.replaced, *changes.renamed} - changes.without
        for name in sorted(named - {name for each in inputs for name in each.relation.columns}):
            found = one_of(opening.column(name) for opening in openings)
            changes.add(name, found, reading, output)
    output.openings += openings


def _columns(
    each: Input, reading: Reading, merged_seen: set[str], *, is_whole: bool
) -> list[tuple[str, str]]:
    """Give an input's columns; those that `using` merged, once."""
    found = []
    for name in each.relation.columns:
        column = each.column(name)
        if is_whole and name in reading.scope.merged:
            if name in merged_seen:
                continue
            merged_seen.add(name)
            column = reading.scope.merged[name]
        found.append((name, column))
    return found


def multiplied(select: exp.Select, rows: Rows, reading: Reading) -> Rows:
    """Give the rows after the functions in the select list that make several of one."""
    found = [
        _with(reading, dict(reading.aliases)).read(node)
        for each in select.expressions
        for node in own_nodes(each)
        if multiplies_rows(node, reading.scope.dialect)
    ]
    return Rows(fingerprint("multiplied", rows.fingerprint, sorted(set(found)))) if found else rows
