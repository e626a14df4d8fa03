"""A node of MetricFlow's plan that has SQL of our own."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

from metricflow.dataflow.dataflow_plan import DataflowPlanNode
from metricflow.plan_conversion.to_sql_plan.dataflow_to_cte import DataflowNodeToSqlCteVisitor
from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
    DataflowNodeToSqlSubqueryVisitor,
)

if TYPE_CHECKING:
    from metricflow.dataflow.dataflow_plan_visitor import DataflowPlanNodeVisitor
    from metricflow.dataset.sql_dataset import SqlDataSet


class OwnSqlNode(DataflowPlanNode):  # type: ignore[misc]
    """Stands before the node of MetricFlow's that it is otherwise, among the bases of a class."""

    @abc.abstractmethod
    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the node."""

    # `Any` is whatever a visitor gives: MetricFlow's type variable is not typed for others.
    def accept(self, visitor: DataflowPlanNodeVisitor[Any]) -> Any:  # noqa: ANN401
        """Answer MetricFlow's visitors as its node does, and those that want SQL with ours."""
        if isinstance(visitor, DataflowNodeToSqlCteVisitor):
            return visitor._default_handler(  # noqa: SLF001
                node=self,
                node_to_select_subquery_function=lambda node: node.data_set(visitor),
                use_column_orderer=False,
            )
        if isinstance(visitor, DataflowNodeToSqlSubqueryVisitor):
            return self.data_set(visitor)
        return super().accept(visitor)
