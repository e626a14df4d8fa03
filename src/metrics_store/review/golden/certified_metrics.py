"""The certified metrics, which have golden values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from metrics_store.project.artifacts import read_manifest
from metrics_store.query.definitions.definitions import definitions_of
from metrics_store.review.golden.golden_file import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.metric_store import MetricStore


@dataclass(frozen=True)
class CertifiedMetric:
    """A metric that is to have golden values.

    Attributes:
        name: Its name.
        file: Where its golden values belong, below the project.
        meta: Its `config.meta`.
        requires_metric_time: Whether it answers only by `metric_time`.
    """

    name: str
    file: str
    meta: Mapping[str, Any]
    requires_metric_time: bool


def certified_metrics(store: MetricStore) -> dict[str, CertifiedMetric]:
    """Give them by name, in order of names."""
    manifest = read_manifest(store.semantic_manifest.parent)
    files = {one["name"]: one["original_file_path"] for one in manifest["metrics"].values()}
    return {
        metric.name: CertifiedMetric(
            metric.name,
            f"{DIRECTORY}/{PurePosixPath(files[metric.name]).stem}.yml",
            metric.meta,
            metric.requires_metric_time,
        )
        for metric in definitions_of(store.planner).metrics()
        if metric.meta.get("tier") == "certified" and not metric.meta.get("building_block")
    }
