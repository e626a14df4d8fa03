"""Artifacts of a build, compiled again from the files that it recorded."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.revisions.build_source import recorded_source, same_files
from metrics_store.review.revisions.revision_artifacts import artifacts_of

if TYPE_CHECKING:
    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision_artifacts import Artifacts


def recompiled(artifacts: Artifacts, target: Target) -> Artifacts:
    """Give artifacts from elsewhere as every revision is compiled, where their files are known.

    What differs by the moment of a build alone is no difference then: the clock, or which tables
    were there. Of other artifacts, and of those of git's revisions, it gives what is given.
    """
    if artifacts.files is not None or artifacts.is_empty:
        return artifacts
    source = recorded_source(artifacts.manifest, target.project_directory)
    if source is not None:
        with suppress(MetricsStoreError):
            compiled = artifacts_of(source, target)
            if same_files(
                (artifacts.manifest, compiled.manifest),
                (artifacts.semantic_manifest, compiled.semantic_manifest),
            ):
                return replace(compiled, revision=artifacts.revision)
    return artifacts
