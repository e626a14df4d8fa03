"""Rows grouped by day before they are grouped by longer periods, where that is less work.

To find the month of a row costs DuckDB some times what finding its day does, and more than adding
it up. There are few days: what is found for each of them costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_to_base import JoinOnEntitiesNode
from metricflow.dataflow.nodes.metric_time_transform import MetricTimeDimensionTransformNode
from metricflow.dataflow.nodes.read_sql_source import ReadSqlSourceNode
from metricflow_semantic_interfaces.type_enums import TimeGranularity
from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
from metricflow_semantics.time.granularity import ExpandedTimeGranularity

from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.specs.instance_spec import LinkableInstanceSpec

_DAY = ExpandedTimeGranularity.from_time_granularity(TimeGranularity.DAY)


def day_of(
    keys: Sequence[LinkableInstanceSpec], rows: DataflowPlanNode
) -> TimeDimensionSpec | None:
    """Give the day of which all keys are periods; none where there are others, or no period.

    Args:
        keys: What is grouped by.
        rows: Where the rows come from.
    """
    times = [one for one in keys if isinstance(one, TimeDimensionSpec)]
    if not times or len(times) < len(keys):
        return None
    if any(
        one.has_custom_grain or one.date_part or one.base_granularity < TimeGranularity.DAY
        for one in times
    ):
        return None
    if all(one.base_granularity is TimeGranularity.DAY for one in times):
        return None
    [day, *others] = {
        TimeDimensionSpec(one.element_name, one.entity_links, time_granularity=_DAY)
        for one in times
    }
    return day if not others and _has(rows, day) else None


def _has(rows: DataflowPlanNode, day: TimeDimensionSpec) -> bool:
    if isinstance(rows, JoinOnEntitiesNode):
        rows = rows.left_node
    if type(rows) is not MetricTimeDimensionTransformNode:
        return False
    source = rows.parent_node
    if type(source) is not ReadSqlSourceNode:
        return False
    known = {one.spec for one in source.data_set.instance_set.time_dimension_instances}
    if day.element_name != METRIC_TIME:
        return day in known
    name = rows.aggregation_time_dimension_reference.element_name
    return TimeDimensionSpec(name, (), time_granularity=_DAY) in known
