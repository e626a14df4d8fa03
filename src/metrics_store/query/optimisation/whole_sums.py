"""Sums of sums on PostgreSQL, where the sum of an `integer` is a `bigint` and its sum a `numeric`.

A number of another type would be another answer: whole numbers are divided otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
    DataflowNodeToSqlSubqueryVisitor,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode

from metrics_store.query.corrections.own_sql_node import OwnSqlNode
from metrics_store.query.optimisation.template_expression import as_whole_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput

# What MetricFlow makes of counts. A condition in which there is more may be anything.
_COUNTED = re.compile(
    r"CASE WHEN (?:(?!\b(?:CASE|WHEN|THEN|ELSE|END)\b)[^'])* THEN 1 ELSE 0 END|\d{1,9}",
    re.IGNORECASE,
)


# Says of an input whether the sum of its sums has to be made a whole number again.
WholeSums = Callable[["SimpleMetricInput"], bool]

# Says of an expression of a semantic model whether PostgreSQL's sum of it is a `bigint`.
IsInteger = Callable[[str, str], bool]


class NotRewrittenError(Exception):
    """A plan stays as it is, and why."""


def none_is_whole(_input: SimpleMetricInput) -> bool:
    """Say of every input that the sum of its sums is what its sum is, as in DuckDB."""
    return False


def counts_are_whole(given: SimpleMetricInput, is_integer: IsInteger | None = None) -> bool:
    """Say of counts that they are whole numbers, and of others that they are not.

    Plans outlive the types of columns. An integer is therefore left to MetricFlow's plan: were it
    made a whole number here, what it had after the point later would be lost.

    Args:
        given: What is summed.
        is_integer: Asks the warehouse.

    Raises:
        NotRewrittenError: It is an integer, or nobody knows.
    """
    if _COUNTED.fullmatch(given.expr.strip()) is not None:
        return True
    if is_integer is None or is_integer(given.model_id.model_name, given.expr):
        known = "it is" if is_integer is not None else "nothing says whether it is"
        raise NotRewrittenError(
            f"{given.name} is not aggregated by day first: {known} an integer, of which "
            "PostgreSQL gives sums of another type"
        )
    return False


@dataclass(frozen=True, eq=False)
class WholeSumsNode(OwnSqlNode, AggregateSimpleMetricInputsNode):  # type: ignore[misc]
    """Aggregates as MetricFlow's node does, and gives whole numbers the type that they had.

    Attributes:
        whole: The names of the inputs that are whole numbers.
    """

    whole: Collection[str]

    @classmethod
    def in_place_of(
        cls, node: AggregateSimpleMetricInputsNode, whole: Collection[str]
    ) -> WholeSumsNode:
        """Make one of MetricFlow's own node."""
        return cls(
            parent_nodes=node.parent_nodes,
            null_fill_value_mapping=node.null_fill_value_mapping,
            whole=frozenset(whole),
        )

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the sums."""
        # Not the visitor's own, which may ask this node again.
        found = DataflowNodeToSqlSubqueryVisitor.visit_aggregate_simple_metric_inputs_node(
            visitor, self
        )
        columns = {
            one.associated_column.column_name
            for one in found.instance_set.simple_metric_input_instances
            if one.spec.element_name in self.whole
        }
        select = found.checked_sql_select_node
        return SqlDataSet(
            instance_set=found.instance_set,
            sql_select_node=SqlSelectStatementNode.create(
                description=select.description,
                select_columns=tuple(
                    SqlSelectColumn(as_whole_number(one.expr), one.column_alias)
                    if one.column_alias in columns
                    else one
                    for one in select.select_columns
                ),
                from_source=select.from_source,
                from_source_alias=select.from_source_alias,
                group_bys=select.group_bys,
            ),
        )

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> WholeSumsNode:
        """Give the same over another parent."""
        node = AggregateSimpleMetricInputsNode.with_new_parents(self, new_parent_nodes)
        return WholeSumsNode.in_place_of(node, self.whole)

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, WholeSumsNode)
            and super().functionally_identical(other_node)
            and other_node.whole == self.whole
        )
