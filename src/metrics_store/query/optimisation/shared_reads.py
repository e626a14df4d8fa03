"""Finds the branches of a plan that aggregate the same rows by the same, and lets them share it.

MetricFlow reads, joins and aggregates the rows of a semantic model once for each set of conditions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)
from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow_semantic_interfaces.type_enums import AggregationType
from metricflow_semantics.semantic_graph.attribute_resolution.group_by_item_set import (
    GroupByItemSet,
)
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
from metricflow_semantics.sql.sql_bind_parameters import SqlBindParameterSet

from metrics_store.query.corrections.plan_nodes import nodes_above
from metrics_store.query.optimisation.aggregates.aggregate_part import AggregatePartNode
from metrics_store.query.optimisation.aggregates.aggregation_steps import (
    ADDITIVE,
    AggregationSteps,
    steps_of,
)
from metrics_store.query.optimisation.aggregates.partial_aggregate import PartialAggregateNode
from metrics_store.query.optimisation.aggregates.shared_aggregate import (
    Conditions,
    SharedAggregateNode,
    SharedValue,
)
from metrics_store.query.optimisation.periods.day_grouping import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.semantic_graph.lookups.manifest_object_lookup import (
        ManifestObjectLookup,
    )
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec

# Engines work these out beside others no faster than by themselves.
_OF_ALL_VALUES = {
    AggregationType.COUNT_DISTINCT,
    AggregationType.MEDIAN,
    AggregationType.PERCENTILE,
}

# What fails on some values may be there for the rows only that a filter leaves.
_MAY_FAIL = re.compile(
    r"(?<!try_)\bcast\s*\(|::|%|\b(?:strptime|to_\w+|error|mod|chr)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True)
class Branch:
    """An aggregation in a plan."""

    node: AggregateSimpleMetricInputsNode
    steps: AggregationSteps

    @property
    def names(self) -> str:
        """Whose inputs it aggregates."""
        return ", ".join(one.element_name for one in self.steps.inputs)

    @property
    def is_of_rows(self) -> bool:
        """Whether it aggregates rows, and not what was aggregated before."""
        return not any(
            isinstance(one, AggregateSimpleMetricInputsNode) for one in nodes_above(self.steps.rows)
        )


@dataclass(frozen=True)
class BranchGroup:
    """Branches that aggregate the same rows by the same.

    Attributes:
        branches: One or several of them.
        day: The day that rows are grouped by before they are by longer periods, where they are.
    """

    branches: list[Branch]
    day: TimeDimensionSpec | None

    @property
    def is_rewritten(self) -> bool:
        """Whether the plan is another for it."""
        return (
            len(self.branches) > 1
            or self.day is not None
            or isinstance(self.branches[0].node, PartialAggregateNode)
        )

    @property
    def names(self) -> list[str]:
        """Whose inputs it aggregates, branch by branch."""
        return list(dict.fromkeys(one.names for one in self.branches))


def shared_branches(
    plan: DataflowPlanNode, lookup: ManifestObjectLookup, *, days_first: bool
) -> tuple[list[BranchGroup], list[Branch]]:
    """Give the groups of branches that can share a read, and those that are left as they are.

    Args:
        plan: The plan.
        lookup: What MetricFlow knows of what is aggregated.
        days_first: Whether rows are grouped by day before they are by longer periods.
    """
    groups: list[list[Branch]] = []
    apart: list[list[Branch]] = []
    for branch in _branches(plan):
        if not _is_shared(branch, lookup):
            apart.append([branch])
            continue
        for group in groups:
            if _reads_the_same(group[0].steps, branch.steps):
                group.append(branch)
                break
        else:
            groups.append([branch])
    found = [BranchGroup(one, _day(one, lookup) if days_first else None) for one in groups]
    found += [BranchGroup(one, None) for one in apart]
    shared = [one for one in found if one.is_rewritten]
    return shared, [branch for one in found if not one.is_rewritten for branch in one.branches]


def _day(branches: list[Branch], lookup: ManifestObjectLookup) -> TimeDimensionSpec | None:
    inputs = (one for branch in branches for one in branch.steps.inputs)
    if any(
        lookup.simple_metric_name_to_input[one.element_name].agg not in ADDITIVE for one in inputs
    ):
        return None
    return day_of(branches[0].steps.keys, branches[0].steps.rows)


def _is_shared(branch: Branch, lookup: ManifestObjectLookup) -> bool:
    inputs = [lookup.simple_metric_name_to_input[one.element_name] for one in branch.steps.inputs]
    if any(one.agg in _OF_ALL_VALUES for one in inputs):
        return False
    return not (branch.steps.conditions and any(_MAY_FAIL.search(one.expr) for one in inputs))


def parts_of(shared_by: BranchGroup) -> dict[DataflowPlanNode, DataflowPlanNode]:
    """Give what each branch reads of one aggregation of all of them."""
    group = shared_by.branches
    common = [
        one
        for one in group[0].steps.conditions
        if all(one in branch.steps.conditions for branch in group)
    ]
    own = {
        branch.node: tuple(one for one in branch.steps.conditions if one not in common)
        for branch in group
    }
    values: list[SharedValue] = []
    parts: list[Conditions] = []
    for branch in group:
        conditions = own[branch.node]
        if conditions and conditions not in parts:
            parts.append(conditions)
        for one in branch.steps.inputs:
            value = SharedValue(one, conditions)
            if value not in values:
                values.append(value)
    keys = group[0].steps.keys
    if not keys:
        parts = []
    shared = SharedAggregateNode(
        parent_nodes=(_rows(shared_by, tuple(common), list(own.values())),),
        null_fill_value_mapping=group[0].node.null_fill_value_mapping,
        keys=keys,
        values=tuple(values),
        parts=tuple(parts),
        day=shared_by.day,
    )
    found: dict[DataflowPlanNode, DataflowPlanNode] = {}
    for branch in group:
        node = branch.node
        conditions = own[node]
        part = AggregatePartNode.of(
            shared,
            {
                one.element_name: values.index(SharedValue(one, conditions))
                for one in branch.steps.inputs
            },
            [parts.index(conditions)] if conditions in parts else [],
            node.null_fill_value_mapping,
        )
        found[node] = (
            part.by_day(node.joined_on, node.given)
            if isinstance(node, PartialAggregateNode)
            else part
        )
    return found


def _branches(plan: DataflowPlanNode) -> Iterable[Branch]:
    seen: set[DataflowPlanNode] = set()
    for node in nodes_above(plan):
        if node in seen or type(node) not in (
            AggregateSimpleMetricInputsNode,
            PartialAggregateNode,
        ):
            continue
        seen.add(node)
        steps = steps_of(node)
        if steps is not None:
            yield Branch(node, steps)


def _rows(group: BranchGroup, common: Conditions, own: list[Conditions]) -> DataflowPlanNode:
    read = InstanceSpecSet.create_from_specs(() if group.day is None else (group.day,))
    for branch in group.branches:
        read = read.merge(branch.steps.read)
    node: DataflowPlanNode = SelectorNode.create(
        parent_node=group.branches[0].steps.rows, include_specs=read.dedupe()
    )
    conditions = [*common, *_any_of(own)]
    if conditions:
        node = WhereFilterNode.create(parent_node=node, filter_specs=conditions)
    return node


def _any_of(alternatives: list[Conditions]) -> Iterable[WhereFilterSpec]:
    """Give the condition that a row counts in any of the branches, if that leaves out any."""
    if all(alternatives):
        distinct = list(dict.fromkeys(alternatives))
        everything = [one for conditions in distinct for one in conditions]
        yield WhereFilterSpec(
            " OR ".join(
                "(" + " AND ".join(f"({one.where_sql})" for one in conditions) + ")"
                for conditions in distinct
            ),
            SqlBindParameterSet.merge_iterable([one.bind_parameters for one in everything]),
            GroupByItemSet.create(
                *(spec for one in everything for spec in one.element_set.annotated_specs)
            ),
        )


def _reads_the_same(one: AggregationSteps, other: AggregationSteps) -> bool:
    return set(one.keys) == set(other.keys) and _is_same(one.rows, other.rows)


def _is_same(one: DataflowPlanNode, other: DataflowPlanNode) -> bool:
    return one is other or (
        type(one) is type(other)
        and len(one.parent_nodes) == len(other.parent_nodes)
        and one.functionally_identical(other)
        and all(map(_is_same, one.parent_nodes, other.parent_nodes))
    )
