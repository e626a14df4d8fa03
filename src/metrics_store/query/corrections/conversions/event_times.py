"""The time of an event as its row has it, where MetricFlow reads no more than the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.read_sql_source import ReadSqlSourceNode
from metricflow.dataset.convert_semantic_model import SemanticModelToDataSetConverter
from metricflow.dataset.semantic_model_adapter import SemanticModelDataSet
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantic_interfaces.references import SemanticModelElementReference
from metricflow_semantics.instances import DimensionInstance, InstanceSet
from metricflow_semantics.specs.dimension_spec import DimensionSpec
from metricflow_semantics.sql.sql_exprs import SqlCastToTimestampExpression

if TYPE_CHECKING:
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantic_interfaces.protocols.dimension import Dimension
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver

# As MetricFlow's own columns for itself are called.
EVENT_TIME = DimensionSpec(element_name="mf_internal_event_time", entity_links=())


def with_event_time(
    source: DataflowPlanNode, time: Dimension, columns: ColumnAssociationResolver
) -> DataflowPlanNode:
    """Give a source of events that reads one more column, `EVENT_TIME`.

    Args:
        source: Reads a semantic model.
        time: The time of that model which its events go by.
        columns: How columns are called.
    """
    if not isinstance(source, ReadSqlSourceNode):
        return source.with_new_parents(
            [with_event_time(parent, time, columns) for parent in source.parent_nodes]
        )
    read = source.data_set
    select = read.checked_sql_select_node
    model = read.semantic_model_reference
    column = columns.resolve_spec(EVENT_TIME)
    instance = DimensionInstance(
        defined_from=(SemanticModelElementReference(model.semantic_model_name, time.name),),
        associated_columns=(column,),
        spec=EVENT_TIME,
    )
    # As one type: those of base events and of conversions are compared.
    expression = SqlCastToTimestampExpression.create(
        SemanticModelToDataSetConverter._make_element_sql_expr(  # noqa: SLF001
            select.from_source_alias, time.name, time.expr
        )
    )
    return ReadSqlSourceNode.create(
        SemanticModelDataSet(
            model,
            InstanceSet.merge([read.instance_set, InstanceSet(dimension_instances=(instance,))]),
            SqlSelectStatementNode.create(
                description=select.description,
                select_columns=(
                    *select.select_columns,
                    SqlSelectColumn(expression, column.column_name),
                ),
                from_source=select.from_source,
                from_source_alias=select.from_source_alias,
            ),
        )
    )
