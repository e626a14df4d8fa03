"""The metrics by subject, read without MetricFlow: who looks for a metric does not wait."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import read_manifest
from metrics_store.query.definitions.deprecation import read_deprecation
from metrics_store.query.search_rank import Searched, synonyms_of

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.definitions.deprecation import Deprecation

_NO_SUBJECT = "Metrics"


@dataclass(frozen=True)
class ListedMetric:
    """One metric, as a list shows it.

    Attributes:
        name: What it is requested by.
        label: What people call it.
        description: What it means, in words.
        unit: The unit of its values; empty where none is declared.
        subject: What it is about: the name of the file that defines it, in words.
        is_building_block: Whether it is there only for other metrics.
        deprecated: What is known of its end; none where it goes on.
        synonyms: Other words for it.
    """

    name: str
    label: str
    description: str
    unit: str
    subject: str
    is_building_block: bool
    deprecated: Deprecation | None
    synonyms: tuple[str, ...] = ()

    def rank(self, words: str) -> int | None:
        """Say how well it fits what somebody looks for, 0 the best; none where it does not.

        Args:
            words: What is looked for.
        """
        names = (self.name, self.label, *self.synonyms)
        return Searched(names, self.subject, self.description).rank(words)


def metric_list(live: Snapshot, principal: Principal) -> list[ListedMetric]:
    """List the metrics that a principal may see, by name.

    Raises:
        UnavailableError: The policies cannot be used.
    """
    grant = live.permissions.grant(principal)
    subjects = _subjects(live)
    return [
        _listed(one, subjects)
        for one in sorted(live.content["metrics"], key=lambda one: one["name"])
        if not one["type_params"].get("is_private") and (grant is None or grant.metric(one["name"]))
    ]


def _listed(metric: dict[str, Any], subjects: dict[str, str]) -> ListedMetric:
    meta = (metric.get("config") or {}).get("meta") or {}
    unit = meta.get("unit")
    return ListedMetric(
        name=metric["name"],
        label=metric.get("label") or "",
        description=metric.get("description") or "",
        unit=unit if isinstance(unit, str) else "",
        subject=subjects.get(metric["name"], _NO_SUBJECT),
        is_building_block=bool(meta.get("building_block")),
        deprecated=read_deprecation(meta),
        synonyms=synonyms_of(meta),
    )


def _subjects(live: Snapshot) -> dict[str, str]:
    """Give the subject of each metric; none where dbt's manifest cannot be read."""
    try:
        metrics = read_manifest(live.warehouse.artifacts)["metrics"].values()
    except MetricsStoreError:
        return {}
    files = {one["name"]: PurePosixPath(one["original_file_path"]).stem for one in metrics}
    return {name: file.replace("_", " ").capitalize() for name, file in files.items()}
