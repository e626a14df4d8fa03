"""MetricFlow's engine with the corrections in it, over roll-ups."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.metric_time_transform import MetricTimeDimensionTransformNode
from metricflow.dataflow.nodes.read_sql_source import ReadSqlSourceNode
from metricflow_semantic_interfaces.references import TimeDimensionReference
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec

from metrics_store.query.corrections.correcting_engine import CorrectingEngine
from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.metricflow.column_names import QuotingColumnNames
from metrics_store.query.metricflow.metricflow_engine import PlanOnlyClient
from metrics_store.query.metricflow.rollup_plans.rollup_aggregates import (
    ROLLUP_RENDERERS,
    RollupAggregates,
    average_parts,
)
from metrics_store.query.metricflow.rollup_plans.rollup_data_sets import (
    RollupDataSets,
    without_inputs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
    from metricflow.dataflow.builder.source_node import SourceNodeSet
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    from metrics_store.query.metricflow.rollup_plans.rollup_source import RollupSource


class RollupEngine(CorrectingEngine):
    """Plans over roll-ups what the correcting engine plans over the rows beneath them.

    Only what measures are read from is replaced. The definitions are the same, and so all that is
    made of the measures is.

    Args:
        semantic_manifest_lookup: What MetricFlow knows of the definitions.
        dialect: The SQL that is written.
        sources: The roll-ups; at most one for each simple metric.
    """

    def __init__(
        self,
        semantic_manifest_lookup: SemanticManifestLookup,
        dialect: str,
        sources: Sequence[RollupSource],
    ) -> None:
        columns = QuotingColumnNames(DIALECTS[dialect])
        super().__init__(
            semantic_manifest_lookup,
            PlanOnlyClient(dialect, ROLLUP_RENDERERS[dialect](_aggregates(sources, dialect))),
            column_association_resolver=columns,
        )
        builder: DataflowPlanBuilder = vars(self)["_dataflow_plan_builder"]
        known = vars(builder)
        nodes = self._nodes(sources, RollupDataSets(semantic_manifest_lookup, columns, dialect))
        known["_source_node_set"] = nodes
        known["_node_data_set_resolver"].cache_output_data_sets(nodes.all_nodes)

    def _nodes(self, sources: Sequence[RollupSource], data_sets: RollupDataSets) -> SourceNodeSet:
        rolled_up = frozenset(one.metric for source in sources for one in source.inputs)
        known = vars(self._dataflow_plan_builder)
        live = known["_source_node_builder"].create_from_data_sets(
            [without_inputs(one, rolled_up) for one in self._source_data_sets]
        )
        rollups = tuple(
            MetricTimeDimensionTransformNode.create(
                parent_node=ReadSqlSourceNode.create(data_sets.data_set(source)),
                aggregation_time_dimension_reference=TimeDimensionReference(source.time),
            )
            for source in sources
        )
        return dataclasses.replace(
            live,
            source_nodes_for_metric_queries=(*live.source_nodes_for_metric_queries, *rollups),
        )


def _aggregates(sources: Sequence[RollupSource], dialect: str) -> RollupAggregates:
    inputs = [(source, one) for source in sources for one in source.inputs]
    # MetricFlow's column of an input is called by either.
    namings = [
        QuotingColumnNames(DIALECTS[dialect], dunder_prefix_simple_metric_inputs=prefixed)
        for prefixed in (True, False)
    ]

    def aliases(metric: str) -> set[str]:
        spec = SimpleMetricInputSpec(element_name=metric, fill_nulls_with=None)
        return {naming.resolve_spec(spec).column_name for naming in namings}

    averages: set[str] = set()
    whole_numbers: set[str] = set()
    for source, one in inputs:
        if one.is_average:
            averages |= aliases(one.metric) | {average_parts(dialect, *one.columns)}
        elif one.columns[0] in source.whole_numbers:
            whole_numbers |= aliases(one.metric) | set(one.columns)
    return RollupAggregates(frozenset(averages), frozenset(whole_numbers))
