"""The row filters of a policy: checked against the definitions, filled in for a principal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import DimensionType

from metrics_store.access.join_paths import keys
from metrics_store.access.policies.name_patterns import dimension_names, is_dimension
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Value, check_value
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.join_paths import JoinPaths
    from metrics_store.access.policies.policy_file import RowRule
    from metrics_store.access.principal import Principal


def check_row_rule(
    dimension: str, manifest: PydanticSemanticManifest, join_paths: JoinPaths, place: str
) -> None:
    """Reject a dimension that rows cannot be filtered by.

    Raises:
        MetricsStoreError: It does not exist, is a time, changes over time, or is reached from no
            semantic model in one way.
    """
    known = dimension_names(manifest) - {METRIC_TIME}
    if not is_dimension(dimension, known):
        error = unknown_name(f"no dimension is named {dimension}", dimension, known, "")
        raise MetricsStoreError(error.what, where=place, expected=error.expected)
    *links, name = dimension.split("__")
    for model in manifest.semantic_models:
        if not links or links[-1] not in keys(model):
            continue
        for one in model.dimensions:
            if one.name != name:
                continue
            if one.type is DimensionType.TIME:
                raise MetricsStoreError(
                    f"rows cannot be told by {dimension}: it is a time",
                    where=place,
                    expected="a dimension with words or numbers, or an entity",
                )
            if model.has_validity_dimensions:
                raise MetricsStoreError(
                    f"rows cannot be told by {dimension}: it changes over time in {model.name}, "
                    "and which of its values counts depends on the metric",
                    where=place,
                    expected="a dimension that has one value, or an entity",
                )
    if not any(join_paths.find(model, dimension) for model in manifest.semantic_models):
        raise MetricsStoreError(
            f"rows cannot be told by {dimension}: no semantic model leads to it in one way",
            where=place,
        )


def row_values(rule: RowRule, principal: Principal) -> tuple[Value, ...]:
    """Give the values that a dimension may have in the rows of a caller; none shows no rows.

    `caller.name` and `caller.groups` are who the caller is; what else follows `caller.` is an
    attribute. An empty text is no value: who has no team is not in the team without name.
    """
    if rule.attribute is None:
        return tuple(rule.given)
    if rule.attribute == "name":
        given: tuple[str, ...] = (principal.name,)
    elif rule.attribute == "groups":
        given = tuple(principal.groups)
    else:
        given = tuple(principal.attributes.get(rule.attribute, ()))
    return tuple(value for value in given if value != "" and _is_held(value))


def _is_held(value: Value) -> bool:
    try:
        check_value(value)
    except MetricsStoreError:
        return False
    return True
