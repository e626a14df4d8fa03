"""All golden values of a project."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.kept_result import key_of
from metrics_store.review.golden.golden_file import DIRECTORY, read_golden_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from metrics_store.review.golden.certified_metrics import CertifiedMetric
    from metrics_store.review.golden.golden_file import GoldenQuestion


@dataclass(frozen=True)
class GoldenFiles:
    """The files of a project.

    Attributes:
        metrics: File, below the project -> metric -> its questions.
        unreadable: File -> what is wrong with it.
    """

    metrics: dict[str, dict[str, list[GoldenQuestion]]] = field(default_factory=dict)
    unreadable: dict[str, MetricsStoreError] = field(default_factory=dict)

    def files_of(self, metric: str) -> list[str]:
        """Give the files that a metric stands in."""
        return [file for file, content in self.metrics.items() if metric in content]


def read_golden_files(project_directory: Path) -> GoldenFiles:
    """Read all files; one that cannot be read stops no other."""
    found = GoldenFiles()
    for path in sorted((project_directory / DIRECTORY).glob("*.yml")):
        name = f"{DIRECTORY}/{path.name}"
        try:
            found.metrics[name] = read_golden_file(path, project_directory)
        except MetricsStoreError as error:
            found.unreadable[name] = error
    return found


def golden_digest(project_directory: Path) -> str:
    """Give another text for each other content of the files."""
    files = sorted((project_directory / DIRECTORY).glob("*.yml"))
    return key_of([(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files])


def require_certified(names: Collection[str], certified: Collection[str]) -> None:
    """Refuse names of metrics that have no golden values.

    Raises:
        MetricsStoreError: One is no certified metric.
    """
    for name in names:
        if name not in certified:
            raise MetricsStoreError(
                "there is no such certified metric",
                where=name,
                expected="one with `tier: certified` in its config.meta, and no building block",
            )


def select_metrics(
    certified: dict[str, CertifiedMetric], names: Collection[str]
) -> dict[str, CertifiedMetric]:
    """Give the metrics of these names; without any, all."""
    return {name: one for name, one in certified.items() if not names or name in names}
