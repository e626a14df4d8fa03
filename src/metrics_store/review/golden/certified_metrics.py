"""The certified metrics, which have golden values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from metrics_store.project.artifacts import read_manifest
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
    """

    name: str
    file: str
    meta: Mapping[str, Any]


def certified_metrics(store: MetricStore) -> dict[str, CertifiedMetric]:
    """Give them by name, in order of names."""
    manifest = read_manifest(store.semantic_manifest.parent)
    files = {one["name"]: one["original_file_path"] for one in manifest["metrics"].values()}
    # What more there is to know of metrics, MetricFlow works out for all of them.
    defined = json.loads(store.semantic_manifest.read_text(encoding="utf-8"))["metrics"]
    found = {}
    for metric in sorted(defined, key=lambda one: str(one["name"])):
        name, meta = metric["name"], (metric.get("config") or {}).get("meta") or {}
        is_hidden = metric["type_params"].get("is_private") or meta.get("building_block")
        if meta.get("tier") == "certified" and not is_hidden:
            file = f"{DIRECTORY}/{PurePosixPath(files[name]).stem}.yml"
            found[name] = CertifiedMetric(name, file, meta)
    return found
