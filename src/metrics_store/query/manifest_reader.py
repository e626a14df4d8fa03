"""Reads dbt's `semantic_manifest.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.implementations.filters.where_filter import (
    PydanticWhereFilterIntersection,
)
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


def parse_semantic_manifest(content: str) -> PydanticSemanticManifest:
    """Parse the text of a semantic manifest."""
    manifest = parse_manifest_from_dbt_generated_manifest(content)
    for metric in manifest.metrics:
        _filter_accumulated_rows(metric)
    return manifest


def _filter_accumulated_rows(metric: PydanticMetric) -> None:
    """Move the filter of what a cumulative metric accumulates to the metric itself.

    MetricFlow plans with the filter of the metric alone, and the same rows pass it there.
    """
    parameters = metric.type_params.cumulative_type_params
    accumulated = parameters.metric if parameters else None
    if accumulated is None or accumulated.filter is None:
        return
    own = metric.filter.where_filters if metric.filter else []
    metric.filter = PydanticWhereFilterIntersection(
        where_filters=[*own, *accumulated.filter.where_filters]
    )
    accumulated.filter = None


def read_semantic_manifest(path: Path) -> PydanticSemanticManifest:
    """Read a semantic manifest from its file.

    Raises:
        MetricsStoreError: The file is missing or is no semantic manifest.
    """
    try:
        return parse_semantic_manifest(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MetricsStoreError(
            "the metrics are not built yet", where=str(path), remedy="run `metrics build`"
        ) from error
    except Exception as error:
        raise MetricsStoreError(
            "the semantic manifest cannot be read", where=str(path), remedy="run `metrics build`"
        ) from error
