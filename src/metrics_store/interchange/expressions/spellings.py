"""How values of rows are written: by names of elements, or as SQL over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.sql_parser import parsed
from metrics_store.interchange.expressions.unsayable import UnsayableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.interchange.expressions.keyed_joins import JoinedModel, Way
    from metrics_store.interchange.expressions.name_resolution import Attribute
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import SemanticModel


def qualified(expr: str, table: str, dialect: str) -> exp.Expr:
    """Write SQL over the columns of a table with the table before each.

    Raises:
        UnsayableError: It is more than SQL over those columns.
    """
    tree = parsed(expr, dialect)
    if tree.find(exp.Query) is not None:
        raise UnsayableError(f"its SQL asks tables itself: {' '.join(expr.split())}")
    for column in tree.find_all(exp.Column):
        if not column.table:
            column.set("table", exp.to_identifier(table))
    return tree


class NamedSpelling:
    """Writes elements as `table.name`, as formats do whose tables are logical ones.

    Args:
        layer: The definitions.
        values: What stands for that which is aggregated, by semantic model and SQL; where it is
            not given, the SQL itself over columns of the table.
    """

    def __init__(
        self, layer: SemanticLayer, values: Mapping[tuple[str, str], exp.Expr] | None = None
    ) -> None:
        self._layer = layer
        self._values = values or {}

    def value(self, model: SemanticModel, expr: str) -> exp.Expr:
        """Write what is aggregated."""
        known = self._values.get((model.name, expr))
        if known is not None:
            return known.copy()
        tree = qualified(expr, model.name, self._layer.dialect)
        for column in tree.find_all(exp.Column):
            self._not_shadowed(model, column.name)
        return tree

    def attribute(self, attribute: Attribute) -> exp.Expr:
        """Write a dimension or an entity."""
        if attribute.joins:
            self._one_way(attribute.joins[0].from_model, attribute.model.name)
        # What cannot be read is no element of the table.
        qualified(attribute.element.expr, attribute.model.name, self._layer.dialect)
        return exp.column(attribute.element.name, table=attribute.model.name)

    def _not_shadowed(self, model: SemanticModel, column: str) -> None:
        """Refuse a column whose name the format gives to something else."""
        element = model.dimension(column) or model.entity(column)
        if element is not None and element.expr != column:
            raise UnsayableError(f"{model.name}.{column} is both a column and a name for other SQL")

    def _one_way(self, start: str, end: str) -> None:
        """Refuse a table that several joins lead to: its rows may be meant by either."""
        if _ways(self._layer, start, end, frozenset()) > 1:
            raise UnsayableError(f"several relationships lead from {start} to {end}")


def _ways(layer: SemanticLayer, start: str, end: str, passed: frozenset[str]) -> int:
    if start == end:
        return 1
    return sum(
        _ways(layer, join.to_model, end, passed | {start})
        for join in layer.joins
        if join.from_model == start and join.to_model not in passed
    )


class ColumnSpelling:
    """Writes everything as SQL over columns, those of joined tables by the names of their joins.

    Args:
        dialect: The dialect of the definitions.
        root: What the table is called whose rows are aggregated.
        joined: The tables that are joined to it.
    """

    def __init__(self, dialect: str, root: str, joined: Sequence[JoinedModel]) -> None:
        self._dialect = dialect
        self._root = root
        self._names = {one.way: one.names for one in joined}

    def value(self, model: SemanticModel, expr: str) -> exp.Expr:
        """Write what is aggregated."""
        del model
        return qualified(expr, self._root, self._dialect)

    def attribute(self, attribute: Attribute) -> exp.Expr:
        """Write a dimension or an entity."""
        return self.of_table(attribute.element.expr, names_of(self._names, attribute.joins))

    def of_table(self, expr: str, names: Sequence[str]) -> exp.Expr:
        """Write SQL over the columns of the table, or of the joined one of these names."""
        tree = qualified(expr, names[-1] if names else self._root, self._dialect)
        if len(names) > 1:
            tree = exp.paren(tree, copy=False)
            for column in tree.find_all(exp.Column):
                column.replace(exp.Dot.build([*map(exp.to_identifier, names), column.this]))
            tree = tree.this
        return tree


def names_of(known: Mapping[Way, tuple[str, ...]], way: Way) -> tuple[str, ...]:
    """Give what the table at the end of a way is called.

    Raises:
        UnsayableError: It is not joined.
    """
    if way and way not in known:
        raise UnsayableError(f"its rows depend on {way[-1].to_model}, which is not joined to them")
    return known.get(way, ())
