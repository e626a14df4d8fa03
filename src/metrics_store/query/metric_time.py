"""The name of every metric's own time, and the grains that times can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

METRIC_TIME = "metric_time"


def known_grains(manifest: PydanticSemanticManifest) -> frozenset[str]:
    """Give the grains that times can have: the standard ones and those of the time spines."""
    from metricflow_semantic_interfaces.type_enums import TimeGranularity  # noqa: PLC0415 - slow

    custom = {
        granularity.name
        for spine in manifest.project_configuration.time_spines
        for granularity in spine.custom_granularities
    }
    return frozenset({granularity.value for granularity in TimeGranularity} | custom)
