"""Columns of any type, put into an order that is the same in every warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metricflow.sql.render.expr_renderer import SqlExpressionRenderer, SqlExpressionRenderResult
from metricflow_semantics.dag.id_prefix import IdPrefix, StaticIdPrefix
from metricflow_semantics.sql.sql_exprs import SqlExpressionNode, SqlExpressionTreeLineage

if TYPE_CHECKING:
    from metricflow_semantics.sql.sql_exprs import SqlColumnReplacements

    from metrics_store.query.dialects.dialect import Dialect


def in_text_order(
    column: SqlExpressionNode, dialect: Dialect
) -> tuple[SqlExpressionNode, SqlExpressionNode]:
    """Give what to order by, first the one and then the other."""
    length, text = (TextExpression((column,), form) for form in dialect.in_text_order("{}"))
    return length, text


@dataclass(frozen=True, eq=False)
class TextExpression(SqlExpressionNode):  # type: ignore[misc]
    """A column as text, in SQL that MetricFlow has no node for.

    Attributes:
        form: The SQL, with a place for the column.
    """

    form: str

    @classmethod
    def id_prefix(cls) -> IdPrefix:
        """Give what MetricFlow begins the names of such nodes with."""
        return StaticIdPrefix.SQL_EXPR_FUNCTION_ID_PREFIX

    @property
    def description(self) -> str:
        """What MetricFlow calls it."""
        return "A column as text"

    @property
    def requires_parenthesis(self) -> bool:
        """Whether it has to be enclosed where it is a part of others."""
        return False

    # `Any` is whatever a visitor gives: MetricFlow's type variable is not typed for others.
    def accept(self, visitor: Any) -> Any:  # noqa: ANN401
        """Answer the visitors that write SQL, which are all that MetricFlow has for expressions."""
        assert isinstance(visitor, SqlExpressionRenderer)  # noqa: S101
        column = visitor.render_sql_expr(self.parent_nodes[0])
        return SqlExpressionRenderResult(self.form.format(column.sql), column.bind_parameter_set)

    def rewrite(
        self,
        column_replacements: SqlColumnReplacements | None = None,
        should_render_table_alias: bool | None = None,  # noqa: FBT001 - MetricFlow's own
    ) -> TextExpression:
        """Give the same of the column as it is called elsewhere."""
        column = self.parent_nodes[0].rewrite(column_replacements, should_render_table_alias)
        return TextExpression((column,), self.form)

    @property
    def lineage(self) -> SqlExpressionTreeLineage:
        """All that it is made of."""
        return SqlExpressionTreeLineage.merge_iterable(
            (self.parent_nodes[0].lineage, SqlExpressionTreeLineage(other_exprs=(self,)))
        )

    def matches(self, other: SqlExpressionNode) -> bool:
        """Whether another is the same."""
        return (
            isinstance(other, TextExpression)
            and other.form == self.form
            and self._parents_match(other)
        )
