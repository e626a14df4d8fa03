"""The filters in the definition of a conversion metric, on either kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.implementations.filters.where_filter import (
    PydanticWhereFilterIntersection,
)
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_location import (
    WhereFilterLocation,
)
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_pattern_factory import (
    DefaultWhereFilterPatternFactory,
)
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_spec_resolver import (
    WhereFilterSpecResolver,
)
from metricflow_semantics.query.group_by_item.resolution_dag.dag_builder import (
    GroupByItemResolutionDagBuilder,
)
from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
    WhereFilterSpecFactory,
)

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.protocols.metric import MetricInput
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec


def defined_filters(
    given: MetricInput,
    events: SimpleMetricInput,
    lookup: SemanticManifestLookup,
    columns: ColumnAssociationResolver,
) -> tuple[WhereFilterSpec, ...]:
    """Give what says which events count: the filters where they are used, and their own.

    MetricFlow finds no names for those on conversions, and leaves these filters out.

    Args:
        given: The events as the conversion metric names them.
        events: What MetricFlow knows of them.
        lookup: The definitions.
        columns: How columns are called.

    Raises:
        MetricsStoreError: A filter is on what the events do not have.
    """
    used = given.filter or PydanticWhereFilterIntersection(where_filters=[])
    if not (used.where_filters or events.filter.where_filters):
        return ()
    metric = events.metric_reference
    found = WhereFilterSpecResolver(
        manifest_lookup=lookup,
        resolution_dag=GroupByItemResolutionDagBuilder(manifest_lookup=lookup).build(
            metric_references=(metric,), where_filter_intersection=used
        ),
        spec_pattern_factory=DefaultWhereFilterPatternFactory(),
    ).resolve_lookup()
    if found.has_errors:
        raise MetricsStoreError(
            "a conversion metric filters its events by what they do not have",
            where=f"{events.name}: "
            + ", ".join(
                one.where_sql_template
                for one in (*used.where_filters, *events.filter.where_filters)
            ),
            remedy="filter by dimensions and entities of the events' own semantic model",
        )
    factory = WhereFilterSpecFactory(
        column_association_resolver=columns,
        spec_resolution_lookup=found,
        custom_grain_names=lookup.semantic_model_lookup.custom_granularity_names,
    )
    return (
        *factory.create_from_where_filter_intersection(
            WhereFilterLocation.for_query([metric]), used
        ),
        *factory.create_from_where_filter_intersection(
            WhereFilterLocation.for_metric(metric), events.filter
        ),
    )
