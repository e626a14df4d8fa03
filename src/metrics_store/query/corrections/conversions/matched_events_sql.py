"""The SQL of conversions with their base events, in MetricFlow's own SQL nodes.

SELECT base columns, conversion FROM (
  SELECT base columns, conversion, ROW_NUMBER() OVER (PARTITION BY conversion ORDER BY ...) AS place
  FROM base INNER JOIN conversions ON entity, properties AND time within the window
) WHERE place = 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataset.sql_dataset import AnnotatedSqlDataSet, SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.instance_converters import (
    ChangeAssociatedColumns,
    SelectElementsTransform,
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
from metricflow_semantics.instances import InstanceSet
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.sql.sql_exprs import (
    SqlCaseExpression,
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
    SqlIntegerExpression,
    SqlWindowFunction,
    SqlWindowFunctionExpression,
    SqlWindowOrderByArgument,
)

from metrics_store.query.corrections.conversions.event_times import EVENT_TIME
from metrics_store.query.corrections.conversions.text_order import in_text_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metricflow.dataflow.nodes.join_conversion_events import JoinConversionEventsNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.instance_spec import InstanceSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode


_PLACE = "mf_internal_place"
_column = SqlColumnReferenceExpression.from_column_reference


def matched_events_data_set(
    node: JoinConversionEventsNode,
    key_specs: Sequence[InstanceSpec],
    visitor: DataflowNodeToSqlSubqueryVisitor,
) -> SqlDataSet:
    """Give a row for each conversion that follows a base event, with that event's columns."""
    base = visitor.get_output_data_set(node.base_node)
    conversion = visitor.get_output_data_set(node.conversion_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    next_alias = visitor._next_unique_table_alias  # noqa: SLF001
    base_alias, conversion_alias, candidates_alias = next_alias(), next_alias(), next_alias()

    [conversion_id] = node.unique_identifier_keys
    place = SqlWindowFunctionExpression.create(
        sql_function=SqlWindowFunction.ROW_NUMBER,
        partition_by_args=[_of(conversion_id, conversion_alias, resolver)],
        order_by_args=[
            SqlWindowOrderByArgument(expression, descending=True)
            for expression in (
                *_latest_first(node, base_alias, conversion_alias, resolver),
                *_key_order(key_specs, base_alias, resolver),
            )
        ],
    )
    counted = conversion.instance_set.transform(
        SelectElementsTransform(
            include_specs=InstanceSpecSet(
                simple_metric_input_specs=(node.conversion_input_metric_spec,)
            )
        )
    )
    candidates = SqlSelectStatementNode.create(
        description="Each conversion with the base events that it may follow, the last one first",
        select_columns=(
            *_columns(base.instance_set, base_alias, resolver),
            *_columns(counted, conversion_alias, resolver),
            SqlSelectColumn(place, _PLACE),
        ),
        from_source=base.checked_sql_select_node,
        from_source_alias=base_alias,
        join_descs=(
            SqlPlanJoinBuilder.make_join_conversion_join_description(
                node=node,
                base_data_set=_annotated(base, base_alias, node.base_time_dimension_spec, resolver),
                conversion_data_set=_annotated(
                    conversion, conversion_alias, node.conversion_time_dimension_spec, resolver
                ),
                column_equality_descriptions=list(_equal_columns(node, resolver)),
            ),
        ),
    )
    instances = ChangeAssociatedColumns(resolver).transform(
        InstanceSet.merge([counted, base.instance_set])
    )
    return SqlDataSet(
        instance_set=instances,
        sql_select_node=SqlSelectStatementNode.create(
            description=node.description,
            select_columns=_columns(instances, candidates_alias, resolver),
            from_source=candidates,
            from_source_alias=candidates_alias,
            where=SqlComparisonExpression.create(
                _column(candidates_alias, _PLACE),
                SqlComparison.EQUALS,
                SqlIntegerExpression.create(1),
            ),
        ),
    )


def _latest_first(
    node: JoinConversionEventsNode, base: str, conversion: str, resolver: ColumnAssociationResolver
) -> Iterator[SqlExpressionNode]:
    """Give what a conversion's base events are ordered by, the greatest first."""
    yield _of(node.base_time_dimension_spec, base, resolver)
    # Within the last day, or whatever the grain is: the last by the clock before the conversion.
    time = _of(EVENT_TIME, base, resolver)
    is_before = SqlComparisonExpression.create(
        time, SqlComparison.LESS_THAN_OR_EQUALS, _of(EVENT_TIME, conversion, resolver)
    )
    yield SqlCaseExpression.create(
        {is_before: SqlIntegerExpression.create(1)}, SqlIntegerExpression.create(0)
    )
    yield time


def _key_order(
    key_specs: Sequence[InstanceSpec], base: str, resolver: ColumnAssociationResolver
) -> Iterator[SqlExpressionNode]:
    """Give what base events of one time are ordered by, the greatest first."""
    for spec in key_specs:
        yield from in_text_order(_of(spec, base, resolver), resolver.dialect)


def _equal_columns(
    node: JoinConversionEventsNode, resolver: ColumnAssociationResolver
) -> Iterator[ColumnEqualityDescription]:
    entity = resolver.resolve_spec(node.entity_spec).column_name
    yield ColumnEqualityDescription(entity, entity)
    for one in node.constant_properties or ():
        yield ColumnEqualityDescription(
            resolver.resolve_spec(one.base_spec).column_name,
            resolver.resolve_spec(one.conversion_spec).column_name,
        )


def _annotated(
    data_set: SqlDataSet, alias: str, time: InstanceSpec, resolver: ColumnAssociationResolver
) -> AnnotatedSqlDataSet:
    return AnnotatedSqlDataSet(
        data_set=data_set,
        alias=alias,
        _metric_time_column_name=resolver.resolve_spec(time).column_name,
    )


def _of(
    spec: InstanceSpec, alias: str, resolver: ColumnAssociationResolver
) -> SqlColumnReferenceExpression:
    return _column(alias, resolver.resolve_spec(spec).column_name)


def _columns(
    instances: InstanceSet, alias: str, resolver: ColumnAssociationResolver
) -> tuple[SqlSelectColumn, ...]:
    found: tuple[SqlSelectColumn, ...] = instances.transform(
        CreateSelectColumnsForInstances(alias, resolver)
    ).get_columns()
    return found
