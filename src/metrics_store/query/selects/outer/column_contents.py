"""Which metrics are in the columns of a SELECT over grouped rows, and which calls are right.

Such a SELECT runs as plain SQL. What it may do with a metric depends on whether that adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.outer.select_parts import within
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.shapes import NOTHING, Content, Shape, joined

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class ColumnContents:
    """What is known of columns, within the SELECTs that are looked at.

    Attributes:
        nested: The shapes of the queries within expressions, by their identities.
        scopes: What is in FROM of each SELECT around, the outermost one first.
    """

    nested: dict[int, Shape] = field(default_factory=dict)
    scopes: list[Mapping[str, Shape]] = field(default_factory=list)

    def of(self, node: exp.Expr, shapes: Mapping[str, Shape]) -> Content:
        """Give what is in an expression over what is in FROM."""
        contents = []
        for one in within(node):
            if isinstance(one, exp.Column):
                # A column may be one of a SELECT further out.
                for scope in [shapes, *self.scopes]:
                    table = identifier(one.args.get("table"))
                    near = [scope[table]] if table in scope else list(scope.values())
                    contents += [shape.content(identifier(one.this)) for shape in near]
                    contents += _whole_rows(one, scope)
            elif isinstance(one, exp.Query) and id(one) in self.nested:
                contents.append(self.nested[id(one)].together)
        found = [content for content in contents if content.metrics]
        if not found:
            return NOTHING
        return joined(found, adds_up=self._adds_up(node, shapes))

    def _adds_up(self, node: exp.Expr | None, shapes: Mapping[str, Shape]) -> bool:
        """Whether an expression adds up where the columns in it do."""
        match node:
            case exp.Alias() | exp.Paren() | exp.Cast() | exp.Sum():
                return self._adds_up(node.this, shapes)
            case exp.Coalesce():
                return self._adds_up(node.this, shapes) and all(map(_is_nought, node.expressions))
            case exp.Case():
                parts = [node.this, *(one.this for one in node.args["ifs"])]
                if any(one is not None and self.of(one, shapes).metrics for one in parts):
                    return False
                results = [
                    *(one.args["true"] for one in node.args["ifs"]),
                    node.args.get("default"),
                ]
                return all(_is_nought(one) or self._adds_up(one, shapes) for one in results)
        return isinstance(node, exp.Column)

    def shape(self, select: exp.Select, shapes: Mapping[str, Shape]) -> Shape:
        """Give the columns of a SELECT."""
        columns: list[tuple[str, Content]] = []
        hidden, is_complete = NOTHING, True
        for node in select.expressions:
            if isinstance(node, exp.Star):
                some = list(shapes.values())
            elif isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
                some = [shapes.get(identifier(node.args.get("table")), Shape())]
            else:
                columns.append((output_name(node), self.of(node, shapes)))
                continue
            for shape in some:
                columns += shape.columns
            if any(shape.is_partly_known for shape in some) or _shares_columns(select):
                # Which column is where is not known.
                together = joined([shape.together for shape in some], adds_up=False)
                hidden = joined([hidden, together], adds_up=False)
                is_complete = False
        if hidden.metrics:
            columns = [(name, joined([one, hidden], adds_up=False)) for name, one in columns]
        return Shape(columns, hidden, is_complete)

    def check_call(self, node: exp.Expr, shapes: Mapping[str, Shape]) -> None:
        """Check a call over grouped rows.

        Raises:
            MetricsStoreError: It would give a number that is not the metric.
        """
        if not functions.is_function(node) or functions.is_by_row(node):
            return
        parts = list(node.iter_expressions())
        is_distinct = any(isinstance(one, exp.Distinct) for one in parts)
        found = [self.of(one.expressions[0] if is_distinct else one, shapes) for one in parts]
        found = [one for one in found if one.metrics]
        content = joined(found, adds_up=True) if found else NOTHING
        if not content.metrics:
            return
        names = ", ".join(sorted(content.metrics))
        is_window = isinstance(node.parent, exp.Window)
        if is_window and (functions.is_rank(node) or isinstance(node, exp.Min | exp.Max)):
            return
        if not is_distinct and functions.is_adding(node) and content.adds_up:
            _check_rows(node, names, content, shapes, is_window=is_window)
            return
        if not is_distinct and (functions.is_adding(node) or functions.is_explicit(node)):
            raise inexpressible(
                f"{names} does not add up over rows that are grouped already",
                node,
                "group by fewer dimensions in the first place",
            )
        raise inexpressible(
            f"this function of {names} is not the metric",
            node,
            "SUM, AVG, MIN and MAX of a metric that adds up; COUNT(*) counts rows",
        )


def _check_rows(
    node: exp.Expr, names: str, content: Content, shapes: Mapping[str, Shape], *, is_window: bool
) -> None:
    if len(shapes) > 1 and not isinstance(node, exp.Min | exp.Max):
        raise inexpressible(
            f"{names} is summed over joined rows, in which it may stand several times",
            node,
            "sum it in a sub-select of its own, and join that",
        )
    if content.is_bare and not is_window and not isinstance(node, exp.Sum):
        raise inexpressible(
            f"it is not clear whether {names} or its rows are meant",
            node,
            "write GROUP BY in the sub-select for its rows, or SUM for the metric",
        )


def _is_nought(node: exp.Expr | None) -> bool:
    """Whether a value changes no sum."""
    return node is None or isinstance(node, exp.Null) or node == exp.Literal.number(0)


def _whole_rows(node: exp.Column, shapes: Mapping[str, Shape]) -> list[Content]:
    """A table's name as a column is its whole row."""
    if node.args.get("table"):
        return []
    shape = shapes.get(identifier(node.this))
    return [] if shape is None else [shape.together]


def _shares_columns(select: exp.Select) -> bool:
    """Whether tables are joined by columns that stand once in `*`."""
    joins = select.args.get("joins") or []
    return any(one.args.get("using") or one.args.get("method") for one in joins)
