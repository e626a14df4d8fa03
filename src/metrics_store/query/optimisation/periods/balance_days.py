"""The days that balances of periods are taken from, found among days instead of among all rows.

SELECT rows, DATE_TRUNC(period, last_day) FROM rows INNER JOIN (
  SELECT MAX(day) AS last_day FROM (SELECT day FROM rows GROUP BY day)
  GROUP BY DATE_TRUNC(period, day)
) ON day = last_day

Where columns of days are cut off to days slowly, the values of the column are found:

SELECT rows, DATE_TRUNC(period, last_day) FROM rows INNER JOIN (
  SELECT recorded, last_day FROM (
    SELECT recorded, day, MAX(day) OVER (PARTITION BY DATE_TRUNC(period, recorded)) AS last_day
    FROM (SELECT recorded FROM rows GROUP BY recorded)
  ) WHERE day = last_day
) ON recorded

What rows are joined to leaves none of them out, and is joined to those of these days only. Where
days themselves are asked for there is nothing to find, and without a period it is one day of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.join_to_base import JoinOnEntitiesNode
from metricflow.dataflow.nodes.metric_time_transform import MetricTimeDimensionTransformNode
from metricflow.dataflow.nodes.semi_additive_join import SemiAdditiveJoinNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.instance_converters import (
    ChangeAssociatedColumns,
)
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.plan_conversion.to_sql_plan.sql_join_builder import (
    ColumnEqualityDescription,
    SqlPlanJoinBuilder,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantic_interfaces.type_enums import TimeGranularity
from metricflow_semantics.aggregation_properties import AggregationState
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.query.corrections.own_sql_node import OwnSqlNode
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.optimisation.periods.period_days_sql import PeriodDays, cut_off
from metrics_store.query.optimisation.periods.recorded_days import RECORDED_DAY
from metrics_store.query.optimisation.template_expression import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

    from metrics_store.query.optimisation.periods.recorded_days import RecordedDays

_column = SqlColumnReferenceExpression.from_column_reference
_PASSED = (SelectorNode, WhereFilterNode, JoinOnEntitiesNode)


@dataclass(frozen=True, eq=False)
class BalanceDaysNode(OwnSqlNode, SemiAdditiveJoinNode):  # type: ignore[misc]
    """Stands where MetricFlow's join of rows with their periods' days stood.

    Its second parent has the days; where there is none, its rows have them.

    Attributes:
        metric_time: The time of the rows that the metric counts by.
        by_recorded: Whether the rows have `RECORDED_DAY`, which they are joined on.
    """

    metric_time: str
    by_recorded: bool

    def __post_init__(self) -> None:
        """Allow a second parent, which MetricFlow's own node does not have."""
        super(SemiAdditiveJoinNode, self).__post_init__()

    @classmethod
    def in_place_of(
        cls,
        node: SemiAdditiveJoinNode,
        days: Sequence[DataflowPlanNode],
        metric_time: str,
        *,
        by_recorded: bool,
    ) -> BalanceDaysNode:
        """Make one of MetricFlow's own node."""
        return cls(
            parent_nodes=(node.parent_node, *days),
            entity_references=node.entity_references,
            time_dimension_spec=node.time_dimension_spec,
            agg_by_function=node.agg_by_function,
            queried_time_dimension_spec=node.queried_time_dimension_spec,
            metric_time=metric_time,
            by_recorded=by_recorded,
        )

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the rows of these days."""
        return _data_set(self, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> BalanceDaysNode:
        """Give the same over another parent."""
        rows, *days = new_parent_nodes
        node = SemiAdditiveJoinNode.with_new_parents(self, (rows,))
        return BalanceDaysNode.in_place_of(
            node, days, self.metric_time, by_recorded=self.by_recorded
        )

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, BalanceDaysNode)
            and super().functionally_identical(other_node)
            and other_node.metric_time == self.metric_time
            and other_node.by_recorded == self.by_recorded
        )

    def is_period(self, spec: TimeDimensionSpec) -> bool:
        """Whether a time is a period of the days."""
        day = self.time_dimension_spec
        return (
            not (spec.has_custom_grain or spec.date_part)
            and spec.base_granularity.to_int() >= day.base_granularity.to_int()
            and (
                (spec.element_name, spec.entity_links) == (day.element_name, day.entity_links)
                if spec.element_name != METRIC_TIME
                else day.element_name == self.metric_time
            )
        )


def found_among_days(
    node: SemiAdditiveJoinNode, recorded_days: RecordedDays | None
) -> DataflowPlanNode | None:
    """Give a node that finds the days of periods sooner; none where days are not few, or not it.

    Args:
        node: The join of rows with their periods' days.
        recorded_days: Adds days as rows have them, where rows are joined on these sooner.
    """
    path: list[DataflowPlanNode] = []
    rows = node.parent_node
    while type(rows) in _PASSED:
        path.append(rows)
        rows = rows.parent_nodes[0]
    day = node.time_dimension_spec
    period = node.queried_time_dimension_spec
    if (
        node.entity_references
        or type(rows) is not MetricTimeDimensionTransformNode
        or day.base_granularity is not TimeGranularity.DAY
    ):
        return None
    later = _joined_later(path)
    if period is None and not later:
        return None
    metric_time = rows.aggregation_time_dimension_reference.element_name
    by_recorded = False
    if (
        recorded_days is not None
        and period is not None
        and period.base_granularity is not TimeGranularity.DAY
    ):
        added = recorded_days.added(rows, path[len(later) :], day)
        if added is not None:
            rows, by_recorded = added[0], True
            path = [*later, *added[1]]
    base = [*path, rows][len(later)]
    read = base.parent_nodes[0] if type(base) is SelectorNode else base
    # Anything else would be read twice of a copy that engines store.
    days = (
        [
            SelectorNode.create(
                rows,
                include_specs=InstanceSpecSet.create_from_specs(
                    (RECORDED_DAY if by_recorded else day,)
                ),
            )
        ]
        if read is rows
        else []
    )
    balances = BalanceDaysNode.in_place_of(
        node.with_new_parents((base,)),
        days,
        metric_time,
        by_recorded=by_recorded,
    )
    if period is not None and not balances.is_period(period):
        return None
    found: DataflowPlanNode = balances
    for one in reversed(later):
        found = one.with_new_parents((found, *one.parent_nodes[1:]))
    return found


def _joined_later(path: Sequence[DataflowPlanNode]) -> Sequence[DataflowPlanNode]:
    """Give the steps that rows of few days can take as well as all rows."""
    for place, one in enumerate(path):
        if isinstance(one, WhereFilterNode):
            break
        if isinstance(one, JoinOnEntitiesNode) and _keeps_all(one):
            return path[: place + 1]
    return ()


def _keeps_all(node: JoinOnEntitiesNode) -> bool:
    return all(one.join_type is SqlJoinType.LEFT_OUTER for one in node.join_targets)


def _data_set(node: BalanceDaysNode, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
    rows = visitor.get_output_data_set(node.parent_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    next_alias = visitor._next_unique_table_alias  # noqa: SLF001
    rows_alias, ends_alias = next_alias(), next_alias()
    instances = rows.instance_set.transform(ChangeAssociatedColumns(resolver))
    columns = instances.transform(CreateSelectColumnsForInstances(rows_alias, resolver))
    day = resolver.resolve_spec(node.time_dimension_spec).column_name
    asked = node.queried_time_dimension_spec
    if asked is not None and asked.base_granularity is TimeGranularity.DAY:
        return SqlDataSet(
            instance_set=instances,
            sql_select_node=SqlSelectStatementNode.create(
                description="Rows that have a day",
                select_columns=columns.get_columns(),
                from_source=rows.checked_sql_select_node,
                from_source_alias=rows_alias,
                where=is_known(_column(rows_alias, day)),
            ),
        )
    end = resolver.resolve_spec(
        node.time_dimension_spec.with_aggregation_state(AggregationState.COMPLETE)
    ).column_name
    recorded = resolver.resolve_spec(RECORDED_DAY).column_name
    # Of few days, and not of all rows.
    periods: dict[str, SqlExpressionNode] = {
        one.associated_column.column_name: cut_off(one.spec, _column(ends_alias, end))
        for one in instances.time_dimension_instances
        if node.is_period(one.spec)
    }
    days = visitor.get_output_data_set(node.parent_nodes[-1]).checked_sql_select_node.copy()
    found = PeriodDays(node.agg_by_function, day, end, next_alias)
    if asked is None:
        ends = found.of_all(days)
    elif node.by_recorded:
        ends = found.recorded(days, asked, recorded)
    else:
        ends = found.of_periods(days, asked, resolver.resolve_spec(asked).column_name)
    return SqlDataSet(
        instance_set=instances,
        sql_select_node=SqlSelectStatementNode.create(
            description=node.description,
            select_columns=tuple(
                SqlSelectColumn(periods.get(one.column_alias, one.expr), one.column_alias)
                for one in columns.get_columns()
            ),
            from_source=rows.checked_sql_select_node,
            from_source_alias=rows_alias,
            join_descs=(
                SqlPlanJoinBuilder.make_column_equality_sql_join_description(
                    right_source_node=ends,
                    left_source_alias=rows_alias,
                    right_source_alias=ends_alias,
                    column_equality_descriptions=[
                        ColumnEqualityDescription(recorded, recorded)
                        if node.by_recorded
                        else ColumnEqualityDescription(day, end)
                    ],
                    join_type=SqlJoinType.INNER,
                ),
            ),
        ),
    )
