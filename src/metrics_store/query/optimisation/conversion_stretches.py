"""Conversions matched among base events of about their time, instead of all of their entity.

Engines join on what is equal, and compare times pair by pair: an entity's visits with all of its
orders of all years. Here time is cut into stretches a little longer than the window. A base event
belongs to its own, and a conversion looks in its own and in the one before:

SELECT ... FROM (
  SELECT base columns, FLOOR((seconds - slack) / length) AS stretch FROM base
) INNER JOIN (
  SELECT conversion columns, number, FLOOR(seconds / length) - step AS stretch
  FROM (SELECT conversion columns, ROW_NUMBER() OVER () AS number FROM conversions)
  CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1)
) ON entity, stretch AND time within the window

That only says what the window says already. Conversions are mostly fewer than base events, and
engines keep the fewer in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.add_generated_uuid import AddGeneratedUuidColumnNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlJoinDescription, SqlSelectStatementNode
from metricflow.sql.sql_select_text_node import SqlSelectTextNode
from metricflow_semantic_interfaces.type_enums import TimeGranularity
from metricflow_semantics.instances import InstanceSet, MetadataInstance
from metricflow_semantics.specs.constant_property_spec import ConstantPropertySpec
from metricflow_semantics.specs.metadata_spec import MetadataSpec
from metricflow_semantics.sql.sql_exprs import (
    SqlCastToTimestampExpression,
    SqlColumnReferenceExpression,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.query.corrections.own_sql_node import OwnSqlNode
from metrics_store.query.optimisation.template_expression import TemplateExpression, row_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.instance_spec import InstanceSpec
    from metricflow_semantics.specs.time_window import TimeWindow
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

    from metrics_store.query.corrections.conversions.matched_events import MatchedEventsNode

_STRETCH = MetadataSpec("mf_internal_stretch")
_STEP = "mf_internal_step"
_DAY = 24 * 60 * 60
# No window of so many of these is longer.
_LONGEST = {
    TimeGranularity.SECOND: 1,
    TimeGranularity.MINUTE: 60,
    TimeGranularity.HOUR: 60 * 60,
    TimeGranularity.DAY: _DAY,
    TimeGranularity.WEEK: 7 * _DAY,
    TimeGranularity.MONTH: 31 * _DAY,
    TimeGranularity.QUARTER: 92 * _DAY,
    TimeGranularity.YEAR: 366 * _DAY,
}
_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True, eq=False)
class EventStretchesNode(OwnSqlNode, AddGeneratedUuidColumnNode):  # type: ignore[misc]
    """Events with the stretch of time that they belong to.

    Attributes:
        time_spec: The time that the window is about; none where there is no window.
        length: The seconds of a stretch.
        number: What each event's own number is called, of conversions; none of base events.
    """

    time_spec: InstanceSpec | None
    length: int
    number: InstanceSpec | None

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the events."""
        return _data_set(self, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> EventStretchesNode:
        """Give the same over another parent."""
        return EventStretchesNode(
            parent_nodes=tuple(new_parent_nodes),
            time_spec=self.time_spec,
            length=self.length,
            number=self.number,
        )

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, EventStretchesNode)
            and other_node.time_spec == self.time_spec
            and other_node.length == self.length
            and other_node.number == self.number
        )


def matched_by_stretches(node: MatchedEventsNode) -> MatchedEventsNode:
    """Give a node that matches the same events and compares fewer of them.

    Where there is no window, conversions are only numbered, which costs less than random keys.
    """
    length = _length(node.window)
    numbered, [number] = node.conversion_node, node.unique_identifier_keys
    assert isinstance(numbered, AddGeneratedUuidColumnNode)  # noqa: S101 - as it was built
    conversions = EventStretchesNode(
        parent_nodes=(numbered.parent_node,),
        time_spec=node.conversion_time_dimension_spec if length else None,
        length=length,
        number=number,
    )
    if not length:
        return node.between(node.base_node, conversions, ())
    base_events = EventStretchesNode(
        parent_nodes=(node.base_node,),
        time_spec=node.base_time_dimension_spec,
        length=length,
        number=None,
    )
    return node.between(base_events, conversions, (ConstantPropertySpec(_STRETCH, _STRETCH),))


def _length(window: TimeWindow | None) -> int:
    """Give the seconds of a stretch, 0 where the window has no end that is known."""
    if window is None or not window.is_standard_granularity:
        return 0
    longest = _LONGEST.get(TimeGranularity(window.granularity.casefold()))
    # One day more on either side, and one between: clocks are put back by hours at most.
    return 0 if longest is None else window.count * longest + 3 * _DAY


def _data_set(node: EventStretchesNode, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
    events = visitor.get_output_data_set(node.parent_node)
    is_base = node.number is None
    if node.number is not None:
        # Each conversion once, before it is in two stretches.
        alias = visitor._next_unique_table_alias()  # noqa: SLF001
        events = _with_column(events, alias, node.number, row_number(), visitor)
    if node.time_spec is None:
        return events
    alias = visitor._next_unique_table_alias()  # noqa: SLF001
    resolver = visitor._column_association_resolver  # noqa: SLF001
    seconds = SqlCastToTimestampExpression.create(
        _column(alias, resolver.resolve_spec(node.time_spec).column_name)
    )
    if is_base:
        form = f"FLOOR((DATE_PART('epoch', {{}}) - {_DAY}) / {node.length})"
        return _with_column(events, alias, _STRETCH, TemplateExpression((seconds,), form), visitor)
    steps = visitor._next_unique_table_alias()  # noqa: SLF001
    form = f"FLOOR(DATE_PART('epoch', {{}}) / {node.length}) - {{}}"
    stretch = TemplateExpression((seconds, _column(steps, _STEP)), form)
    found = _with_column(events, alias, _STRETCH, stretch, visitor)
    return SqlDataSet(
        instance_set=found.instance_set, sql_select_node=_in_steps(found, steps, alias)
    )


def _in_steps(found: SqlDataSet, steps: str, alias: str) -> SqlSelectStatementNode:
    """Give a select with a row for each step.

    The steps come first: MetricFlow writes a plain select that comes first into the one over it,
    where its rows would be numbered after the join, each of them twice.
    """
    select = found.checked_sql_select_node
    return SqlSelectStatementNode.create(
        description=select.description,
        select_columns=select.select_columns,
        from_source=SqlSelectTextNode.create(f"SELECT 0 AS {_STEP} UNION ALL SELECT 1"),
        from_source_alias=steps,
        join_descs=(
            SqlJoinDescription(
                right_source=select.from_source,
                right_source_alias=alias,
                join_type=SqlJoinType.CROSS_JOIN,
            ),
        ),
    )


def _with_column(
    events: SqlDataSet,
    alias: str,
    spec: InstanceSpec,
    given: SqlExpressionNode,
    visitor: DataflowNodeToSqlSubqueryVisitor,
) -> SqlDataSet:
    resolver = visitor._column_association_resolver  # noqa: SLF001
    column = resolver.resolve_spec(spec)
    instance = MetadataInstance(associated_columns=(column,), spec=spec)
    return SqlDataSet(
        instance_set=InstanceSet.merge(
            [events.instance_set, InstanceSet(metadata_instances=(instance,))]
        ),
        sql_select_node=SqlSelectStatementNode.create(
            description="Events with one column more",
            select_columns=(
                *events.instance_set.transform(
                    CreateSelectColumnsForInstances(alias, resolver)
                ).get_columns(),
                SqlSelectColumn(given, column.column_name),
            ),
            from_source=events.checked_sql_select_node,
            from_source_alias=alias,
        ),
    )
