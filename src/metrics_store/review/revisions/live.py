"""What dbt makes of the definitions that are live."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.revisions.artifacts import artifacts_of
from metrics_store.review.revisions.built_from import noted_source, same_files
from metrics_store.review.revisions.revision import resolve
from metrics_store.warehouse.reading import find_live_warehouse

if TYPE_CHECKING:
    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.artifacts import Artifacts


def live_artifacts(target: Target) -> Artifacts:
    """Give what dbt makes of the files that the live warehouse was built from.

    They are compiled as every revision is, so that what differs by the moment of the build alone is
    no difference: the clock, or which tables were there. Where the files are not known, it is what
    dbt left of the build itself.

    Raises:
        MetricsStoreError: Nothing is built.
    """
    directory = find_live_warehouse(target).artifacts
    live = artifacts_of(resolve(str(directory), target.project_directory), target)
    source = noted_source(live.manifest, target.project_directory)
    if source is not None:
        with suppress(MetricsStoreError):
            compiled = artifacts_of(source, target)
            if same_files(
                (live.manifest, compiled.manifest),
                (live.semantic_manifest, compiled.semantic_manifest),
            ):
                return compiled
    return live
