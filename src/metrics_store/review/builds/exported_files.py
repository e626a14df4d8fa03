"""The exported files of a revision, without which it cannot be built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.review.revisions.revision_artifacts import Artifacts


def files_of(artifacts: Artifacts) -> Path:
    """Give the exported project of a revision, in a directory named by its key.

    Raises:
        MetricsStoreError: It has none: it is empty, or only its artifacts are at hand.
    """
    if artifacts.directory is None or artifacts.files is None:
        raise MetricsStoreError(
            f"{artifacts.revision.name} has no dbt project that could be built",
            expected="a git revision with a dbt project",
            remedy="leave --values out, or name a revision",
        )
    return artifacts.files
