"""Expressions that MetricFlow has no node for, such as an aggregate of some rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metricflow.sql.render.expr_renderer import SqlExpressionRenderer, SqlExpressionRenderResult
from metricflow_semantics.dag.id_prefix import IdPrefix, StaticIdPrefix
from metricflow_semantics.sql.sql_bind_parameters import SqlBindParameterSet
from metricflow_semantics.sql.sql_exprs import SqlExpressionNode, SqlExpressionTreeLineage

if TYPE_CHECKING:
    from metricflow_semantics.sql.sql_exprs import SqlColumnReplacements


@dataclass(frozen=True, eq=False)
class TemplateExpression(SqlExpressionNode):  # type: ignore[misc]
    """SQL that MetricFlow has no node for, with a place for each of its parts.

    Attributes:
        template: The SQL, with `{}` for each parent.
    """

    template: str

    @classmethod
    def id_prefix(cls) -> IdPrefix:
        """Give what MetricFlow begins the names of such nodes with."""
        return StaticIdPrefix.SQL_EXPR_FUNCTION_ID_PREFIX

    @property
    def description(self) -> str:
        """What MetricFlow calls it."""
        return self.template

    @property
    def requires_parenthesis(self) -> bool:
        """Whether it has to be enclosed where it is a part of others."""
        return False

    # `Any` is whatever a visitor gives: MetricFlow's type variable is not typed for others.
    def accept(self, visitor: Any) -> Any:  # noqa: ANN401
        """Answer the visitors that write SQL, which are all that MetricFlow has for expressions."""
        assert isinstance(visitor, SqlExpressionRenderer)  # noqa: S101
        parts = [visitor.render_sql_expr(one) for one in self.parent_nodes]
        bound = SqlBindParameterSet.merge_iterable([one.bind_parameter_set for one in parts])
        return SqlExpressionRenderResult(self.template.format(*(one.sql for one in parts)), bound)

    def rewrite(
        self,
        column_replacements: SqlColumnReplacements | None = None,
        should_render_table_alias: bool | None = None,  # noqa: FBT001 - MetricFlow's own
    ) -> TemplateExpression:
        """Give the same of columns as they are called elsewhere."""
        return type(self)(
            tuple(
                one.rewrite(column_replacements, should_render_table_alias)
                for one in self.parent_nodes
            ),
            self.template,
        )

    @property
    def lineage(self) -> SqlExpressionTreeLineage:
        """All that it is made of."""
        return SqlExpressionTreeLineage.merge_iterable(
            (
                *(one.lineage for one in self.parent_nodes),
                SqlExpressionTreeLineage(other_exprs=(self,)),
            )
        )

    def matches(self, other: SqlExpressionNode) -> bool:
        """Whether another is the same."""
        return (
            isinstance(other, TemplateExpression)
            and other.template == self.template
            and self._parents_match(other)
        )


def filtered(aggregate: SqlExpressionNode, condition: SqlExpressionNode) -> TemplateExpression:
    """Give an aggregate of the rows that fulfil a condition."""
    return TemplateExpression((aggregate, condition), "{} FILTER (WHERE {})")


def is_any(condition: SqlExpressionNode) -> TemplateExpression:
    """Give whether any row fulfils a condition."""
    return TemplateExpression((condition,), "BOOL_OR({})")


def as_whole_number(value: SqlExpressionNode) -> TemplateExpression:
    """Give a sum as PostgreSQL's type of the sum of an `integer`."""
    return TemplateExpression((value,), "CAST({} AS BIGINT)")


def is_known(value: SqlExpressionNode) -> TemplateExpression:
    """Give whether a value is not NULL."""
    return TemplateExpression((value,), "{} IS NOT NULL")


@dataclass(frozen=True, eq=False)
class WindowExpression(TemplateExpression):
    """A value over other rows, which stays where it is selected."""

    @property
    def is_deterministic(self) -> bool:
        """Whether it is the same wherever it is worked out."""
        return False


def row_number() -> WindowExpression:
    """Give a number for each row, in no order."""
    return WindowExpression((), "ROW_NUMBER() OVER ()")


def extreme_of_partition(
    function: str, value: SqlExpressionNode, partition: SqlExpressionNode
) -> WindowExpression:
    """Give the least or the greatest value among the rows that have something in common."""
    return WindowExpression((value, partition), f"{function}({{}}) OVER (PARTITION BY {{}})")
