"""The columns and the group keys of a SELECT over a metric table, in one form."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.errors import MetricsStoreError
from metrics_store.query.selects.blocks.period_expressions import in_periods
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.tables.metric_tables import SCHEMA, DimensionColumn, MetricTable

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SETS = 64


def identifier(node: exp.Expr | None) -> str:
    """Give a name as PostgreSQL reads it: in small letters unless it is quoted."""
    if not isinstance(node, exp.Identifier):
        return "" if node is None else str(node.name)
    name = str(node.this)
    return name if node.args.get("quoted") else name.lower()


def column(name: str) -> exp.Column:
    """Give a column in the one form that they are compared in."""
    return exp.Column(this=exp.Identifier(this=name, quoted=True))


@dataclass(frozen=True)
class Names:
    """The names that columns of a metric table have in a SELECT.

    Attributes:
        table: The table.
        alias: What the SELECT calls it.
    """

    table: MetricTable
    alias: str

    def canonical(self, node: exp.Expr) -> exp.Expr:
        """Give an expression with its columns in one form.

        Raises:
            MetricsStoreError: A column is of no table of the SELECT, or the table has none such.
        """

        def change(one: exp.Expr) -> exp.Expr:
            if not isinstance(one, exp.Column):
                return one
            if isinstance(one.this, exp.Star):
                raise inexpressible("all columns stand within an expression", one)
            self._check(one)
            name = identifier(one.this)
            self.table.column(name)
            return column(name)

        return in_periods(node.transform(change), self._has_grain)

    def _has_grain(self, node: exp.Expr, grain: str) -> bool:
        if not isinstance(node, exp.Column):
            return False
        found = self.table.column(identifier(node.this))
        if not isinstance(found, DimensionColumn) or not found.is_time or found.grain:
            return False
        return grain in found.grains[1:]

    def is_of_table(self, node: exp.Expr) -> bool:
        """Whether a name without a table is a column of this one."""
        if not isinstance(node, exp.Column):
            return False
        try:
            self.table.column(identifier(node.this))
        except MetricsStoreError:
            return False
        return True

    def star(self, node: exp.Expr) -> bool:
        """Whether an expression stands for all columns."""
        if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
            self._check(node)
            return True
        return isinstance(node, exp.Star)

    def _check(self, node: exp.Column) -> None:
        table, schema = identifier(node.args.get("table")), identifier(node.args.get("db"))
        if (table and table != self.alias) or (schema and schema != SCHEMA):
            raise MetricsStoreError(
                "a column is of a table that the SELECT does not have",
                where=node.sql(dialect="postgres"),
                expected=f"columns of {self.alias}",
            )


@dataclass(frozen=True)
class GroupKeys:
    """What a SELECT groups by.

    Attributes:
        keys: The expressions, each once.
        sets: The numbers of the keys that each grouping set has; none for one set of all.
    """

    keys: tuple[exp.Expr, ...]
    sets: tuple[tuple[int, ...], ...] = ()


def group_keys(group: exp.Group, projections: Sequence[exp.Expr], names: Names) -> GroupKeys:
    """Read a GROUP BY: expressions, numbers and names of columns of the SELECT, grouping sets.

    Raises:
        MetricsStoreError: It names no column, or has too many sets.
    """
    keys: list[exp.Expr] = []

    def number(node: exp.Expr) -> int:
        key = _key(node, projections, names)
        if key not in keys:
            keys.append(key)
        return keys.index(key)

    elements = [_sets(one, number) for one in group.expressions]
    for kind in ("grouping_sets", "rollup", "cube"):
        elements.extend(_sets(one, number) for one in group.args.get(kind) or ())
    has_sets = any(len(one) > 1 for one in elements) or any(one == [()] for one in elements)
    if not has_sets:
        return GroupKeys(tuple(keys))
    total = 1
    for one in elements:
        total *= len(one)
    if total > _MOST_SETS:
        raise inexpressible(
            f"there are {total} grouping sets", group, f"write {_MOST_SETS} or less"
        )
    sets = [
        tuple(sorted(set(itertools.chain.from_iterable(parts))))
        for parts in itertools.product(*elements)
    ]
    return GroupKeys(tuple(keys), tuple(sets))


def _sets(node: exp.Expr, number: object) -> list[tuple[int, ...]]:
    assert callable(number)  # noqa: S101 - for the type checker
    if isinstance(node, exp.Rollup | exp.Cube):
        parts = [_numbers(one, number) for one in node.expressions]
        if isinstance(node, exp.Rollup):
            chosen = [parts[:length] for length in range(len(parts), -1, -1)]
        else:
            chosen = [
                list(some)
                for length in range(len(parts), -1, -1)
                for some in itertools.combinations(parts, length)
            ]
        return [tuple(itertools.chain.from_iterable(some)) for some in chosen]
    if isinstance(node, exp.GroupingSets):
        return [one for part in node.expressions for one in _sets(part, number)]
    return [_numbers(node, number)]


def _numbers(node: exp.Expr, number: object) -> tuple[int, ...]:
    assert callable(number)  # noqa: S101 - for the type checker
    if isinstance(node, exp.Tuple):
        return tuple(number(one) for one in node.expressions)
    return (number(node.this if isinstance(node, exp.Paren) else node),)


def _key(node: exp.Expr, projections: Sequence[exp.Expr], names: Names) -> exp.Expr:
    if isinstance(node, exp.Literal) and not node.is_string:
        place = int(node.name) if node.name.isdecimal() else 0
        if not 1 <= place <= len(projections):
            raise MetricsStoreError(f"GROUP BY position {node.name} is not in select list")
        node = projections[place - 1]
    elif (
        isinstance(node, exp.Column) and not node.args.get("table") and not names.is_of_table(node)
    ):
        wanted = identifier(node.this)
        found = [one for one in projections if output_name(one) == wanted]
        node = found[0] if found else node
    bare = node.this if isinstance(node, exp.Alias) else node
    while isinstance(bare, exp.Paren):
        bare = bare.this
    return names.canonical(bare)
