"""Days as rows have them, beside the days that MetricFlow cuts them off to.

PostgreSQL takes longer to cut off a million times, and to join on what was cut off, than to read
them. A column of days has few values: only these need to be cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.read_sql_source import ReadSqlSourceNode
from metricflow.dataset.semantic_model_adapter import SemanticModelDataSet
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantic_interfaces.references import SemanticModelElementReference
from metricflow_semantics.instances import DimensionInstance, InstanceSet
from metricflow_semantics.specs.column_assoc import ColumnAssociation
from metricflow_semantics.specs.dimension_spec import DimensionSpec
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.sql.sql_exprs import SqlDateTruncExpression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

RECORDED_DAY = DimensionSpec(element_name="mf_internal_recorded_day", entity_links=())


class RecordedDays:
    """Adds the days to plans, once for each source, so that it is read as one."""

    def __init__(self) -> None:
        self._sources: dict[tuple[DataflowPlanNode, TimeDimensionSpec], DataflowPlanNode] = {}

    def added(
        self, rows: DataflowPlanNode, path: Sequence[DataflowPlanNode], day: TimeDimensionSpec
    ) -> tuple[DataflowPlanNode, list[DataflowPlanNode]] | None:
        """Give rows, and the steps over them, that have `RECORDED_DAY`; none where it is unknown.

        Args:
            rows: Gives a source's rows their metric time.
            path: The steps over them, the last one first.
            day: The day that is cut off.
        """
        [source] = rows.parent_nodes
        known = self._sources.get((source, day))
        if known is None:
            found = _with_recorded_day(source, day)
            if found is None:
                return None
            known = self._sources[source, day] = rows.with_new_parents((found,))
        steps: list[DataflowPlanNode] = []
        below = known
        for one in reversed(path):
            parents = (below, *one.parent_nodes[1:])
            below = (
                SelectorNode.create(
                    below,
                    include_specs=one.include_specs.merge(
                        InstanceSpecSet.create_from_specs((RECORDED_DAY,))
                    ),
                )
                if isinstance(one, SelectorNode)
                else one.with_new_parents(parents)
            )
            steps.insert(0, below)
        return known, steps


def _with_recorded_day(
    source: DataflowPlanNode, day: TimeDimensionSpec
) -> ReadSqlSourceNode | None:
    if type(source) is not ReadSqlSourceNode:
        return None
    read = source.data_set
    select = read.checked_sql_select_node
    recorded = _recorded(read, day)
    if recorded is None or not isinstance(read, SemanticModelDataSet):
        return None
    model = read.semantic_model_reference
    instance = DimensionInstance(
        defined_from=(
            SemanticModelElementReference(model.semantic_model_name, RECORDED_DAY.element_name),
        ),
        associated_columns=(ColumnAssociation(RECORDED_DAY.element_name),),
        spec=RECORDED_DAY,
    )
    return ReadSqlSourceNode.create(
        SemanticModelDataSet(
            model,
            InstanceSet.merge([read.instance_set, InstanceSet(dimension_instances=(instance,))]),
            SqlSelectStatementNode.create(
                description=select.description,
                select_columns=(
                    *select.select_columns,
                    SqlSelectColumn(recorded, RECORDED_DAY.element_name),
                ),
                from_source=select.from_source,
                from_source_alias=select.from_source_alias,
            ),
        )
    )


def _recorded(read: SemanticModelDataSet, day: TimeDimensionSpec) -> SqlExpressionNode | None:
    columns = {
        one.associated_column.column_name
        for one in read.instance_set.time_dimension_instances
        if one.spec == day
    }
    for column in read.checked_sql_select_node.select_columns:
        if column.column_alias in columns and isinstance(column.expr, SqlDateTruncExpression):
            return column.expr.arg
    return None
