"""Roll-ups as MetricFlow's data sets: columns that it would join or truncate are there already."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow.dataset.convert_semantic_model import SemanticModelToDataSetConverter
from metricflow.dataset.semantic_model_adapter import SemanticModelDataSet
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow.sql.sql_table_node import SqlTableNode
from metricflow_semantic_interfaces.implementations.elements.dimension import (
    PydanticDimension,
    PydanticDimensionTypeParams,
)
from metricflow_semantic_interfaces.implementations.elements.entity import PydanticEntity
from metricflow_semantic_interfaces.references import (
    EntityReference,
    SemanticModelElementReference,
    SemanticModelReference,
)
from metricflow_semantic_interfaces.type_enums import (
    DimensionType,
    EntityType,
    TimeGranularity,
)
from metricflow_semantics.aggregation_properties import AggregationState
from metricflow_semantics.instances import InstanceSet, SimpleMetricInputInstance
from metricflow_semantics.model.semantics.semantic_model_helper import SemanticModelHelper
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
from metricflow_semantics.sql.sql_exprs import SqlStringExpression
from metricflow_semantics.sql.sql_table import SqlTable

from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.metricflow.rollup_plans.rollup_aggregates import average_parts
from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver

    from metrics_store.query.metricflow.rollup_plans.rollup_source import (
        RollupSource,
        StoredInput,
        StoredName,
    )

_ALIAS = "rollup_src"


class RollupDataSets:
    """Makes data sets of roll-ups.

    Args:
        lookup: What MetricFlow knows of the definitions.
        columns: Names the columns of SQL.
        dialect: The SQL that is written.
    """

    def __init__(
        self, lookup: SemanticManifestLookup, columns: ColumnAssociationResolver, dialect: str
    ) -> None:
        self._lookup = lookup
        self._columns = columns
        self._dialect = dialect
        self._converter = SemanticModelToDataSetConverter(columns, lookup)

    def data_set(self, source: RollupSource) -> SemanticModelDataSet:
        """Give the data set of a roll-up."""
        instances = InstanceSet()
        selected: list[SqlSelectColumn] = []
        for given in source.inputs:
            instance = self._input(source, given)
            instances = InstanceSet.merge(
                [instances, InstanceSet(simple_metric_input_instances=(instance,))]
            )
            expression = (
                average_parts(self._dialect, *given.columns)
                if given.is_average
                else given.columns[0]
            )
            selected.append(
                SqlSelectColumn(
                    expr=SqlStringExpression.create(sql_expr=expression),
                    column_alias=instance.associated_column.column_name,
                )
            )
        for name in source.names:
            for links in self._links(source, name):
                found, columns = self._stored(source, name, links)
                instances = InstanceSet.merge([instances, found])
                selected += columns
        return SemanticModelDataSet(
            semantic_model_reference=SemanticModelReference(source.model),
            instance_set=instances,
            sql_select_node=SqlSelectStatementNode.create(
                description="Read a roll-up",
                select_columns=tuple(selected),
                from_source=SqlTableNode.create(
                    sql_table=SqlTable(schema_name=None, table_name=source.relation)
                ),
                from_source_alias=_ALIAS,
            ),
        )

    def _input(self, source: RollupSource, given: StoredInput) -> SimpleMetricInputInstance:
        spec = SimpleMetricInputSpec(element_name=given.metric, fill_nulls_with=None)
        return SimpleMetricInputInstance(
            associated_columns=(self._columns.resolve_spec(spec),),
            spec=spec,
            defined_from=(SemanticModelElementReference(source.model, given.metric),),
            aggregation_state=AggregationState.NON_AGGREGATED,
        )

    def _links(
        self, source: RollupSource, name: StoredName
    ) -> Iterator[tuple[EntityReference, ...]]:
        """Give the entities by which MetricFlow looks for a name, in every way that it may."""
        own = [(link,) for link in self._own_links(source)]
        given = tuple(EntityReference(link) for link in name.path.split("__")[:-1])
        if not given or given in own:
            # What is the model's own is also looked for by itself.
            yield ()
            yield from own
        else:
            yield given

    def _own_links(self, source: RollupSource) -> tuple[EntityReference, ...]:
        model = self._lookup.semantic_model_lookup.get_by_reference(
            SemanticModelReference(source.model)
        )
        return tuple(SemanticModelHelper.entity_links_for_local_elements(model))

    def _stored(
        self, source: RollupSource, name: StoredName, links: tuple[EntityReference, ...]
    ) -> tuple[InstanceSet, list[SqlSelectColumn]]:
        element = source.time if name.path == METRIC_TIME else name.path.rpartition("__")[2]
        if name.kind is StoredKind.ENTITY:
            entities, columns = self._converter._create_entity_instances(  # noqa: SLF001
                semantic_model_name=source.model,
                entities=[PydanticEntity(name=element, type=EntityType.FOREIGN, expr=name.column)],
                entity_links=links,
                table_alias=_ALIAS,
            )
            return InstanceSet(entity_instances=tuple(entities)), list(columns)
        is_time = name.kind is StoredKind.TIME
        converted = self._converter._convert_dimensions(  # noqa: SLF001
            semantic_model_name=source.model,
            dimensions=[
                PydanticDimension(
                    name=element,
                    type=DimensionType.TIME if is_time else DimensionType.CATEGORICAL,
                    expr=name.column,
                    type_params=PydanticDimensionTypeParams(
                        time_granularity=TimeGranularity(name.grain)
                    )
                    if is_time
                    else None,
                )
            ],
            entity_links=links,
            table_alias=_ALIAS,
        )
        found = InstanceSet(
            dimension_instances=tuple(converted.dimension_instances),
            time_dimension_instances=tuple(converted.time_dimension_instances),
        )
        return found, list(converted.select_columns)


def without_inputs(data_set: SemanticModelDataSet, metrics: frozenset[str]) -> SemanticModelDataSet:
    """Give a model's data set without the simple metrics that roll-ups have."""
    instances = data_set.instance_set
    kept = tuple(
        one
        for one in instances.simple_metric_input_instances
        if one.spec.element_name not in metrics
    )
    return SemanticModelDataSet(
        semantic_model_reference=data_set.semantic_model_reference,
        instance_set=dataclasses.replace(instances, simple_metric_input_instances=kept),
        sql_select_node=data_set.checked_sql_select_node,
    )
