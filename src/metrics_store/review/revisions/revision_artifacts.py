"""dbt's artifacts of a revision, compiled once and cached."""

from __future__ import annotations

import functools
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST
from metrics_store.review.directory_cache import DirectoryCache, default_directory
from metrics_store.review.jobs.dbt_job import DbtJob, failure_of_job
from metrics_store.review.jobs.job_process import FAILURE, FILES, TARGET
from metrics_store.review.jobs.job_runner import run_all
from metrics_store.review.revisions.given_artifacts import check_artifacts, read_object
from metrics_store.review.revisions.revision_files import ProjectSnapshot, project_snapshot
from metrics_store.review.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision import Revision

_EMPTY_MANIFEST = (
    "disabled", "docs", "exposures", "groups", "macros", "metadata", "metrics", "nodes",
    "parent_map", "child_map", "saved_queries", "selectors", "semantic_models", "sources",
    "unit_tests",
)  # fmt: skip
_EMPTY_SEMANTIC_MANIFEST: dict[str, Any] = {
    "metrics": [],
    "project_configuration": {},
    "saved_queries": [],
    "semantic_models": [],
}


def _cache() -> DirectoryCache:
    return DirectoryCache(default_directory() / "revisions", most=300, most_bytes=2 * 1024**3)


@dataclass(frozen=True)
class Artifacts:
    """What dbt says of a revision.

    Attributes:
        revision: The revision.
        directory: Where its manifests are; none where it has no dbt project.
        files: What dbt read of the project (the root has `dbt_project.yml`); none for artifacts
            that were made elsewhere.
        is_empty: The revision has no dbt project in this directory: nothing is defined.
    """

    revision: Revision
    directory: Path | None = field(compare=False)
    files: Path | None = field(compare=False)
    is_empty: bool = False

    @functools.cached_property
    def manifest(self) -> dict[str, Any]:
        """Dbt's `manifest.json` with the compiled SQL of models; without tests of columns."""
        if self.directory is None:
            return {name: {} for name in _EMPTY_MANIFEST}
        return read_object(self.directory / MANIFEST)

    @functools.cached_property
    def semantic_manifest(self) -> dict[str, Any]:
        """Dbt's `semantic_manifest.json`."""
        if self.directory is None:
            return _EMPTY_SEMANTIC_MANIFEST
        return read_object(self.directory / SEMANTIC_MANIFEST)


def artifacts_of(revision: Revision, target: Target) -> Artifacts:
    """Give what dbt makes of a revision; it is compiled where it was not yet.

    Args:
        revision: The revision.
        target: The target whose warehouse and names it is compiled for, of the project as it
            stands.

    Raises:
        MetricsStoreError: dbt cannot compile it, it needs packages that are not installed, or
            given artifacts are of another kind.
    """
    return artifacts_of_all([revision], target)[0]


def artifacts_of_all(revisions: Sequence[Revision], target: Target) -> list[Artifacts]:
    """Give what dbt makes of each revision; those not compiled yet are compiled side by side.

    Raises:
        MetricsStoreError: As for `artifacts_of`.
    """
    found: dict[str, Artifacts] = {}
    cold: dict[str, tuple[Revision, ProjectSnapshot]] = {}
    variables = read_settings(target.project_directory).data.vars
    cache = _cache()
    for revision in revisions:
        if revision.key in found or revision.key in cold:
            continue
        if revision.artifacts is not None:
            check_artifacts(revision.artifacts, target.adapter_type)
            found[revision.key] = Artifacts(revision, revision.artifacts, None)
            continue
        snapshot = project_snapshot(revision, target, variables)
        if snapshot is None:
            found[revision.key] = Artifacts(revision, None, None, is_empty=True)
        elif directory := cache.find(snapshot.key):
            found[revision.key] = _cached(revision, directory)
        else:
            cold[revision.key] = (revision, snapshot)
    found |= _compiled(cold, variables, target, cache)
    # Two revisions may have one key and each its own name.
    return [
        Artifacts(revision, cached.directory, cached.files, is_empty=cached.is_empty)
        for revision in revisions
        for cached in [found[revision.key]]
    ]


def _compiled(
    cold: Mapping[str, tuple[Revision, ProjectSnapshot]],
    variables: Mapping[str, Any],
    target: Target,
    cache: DirectoryCache,
) -> dict[str, Artifacts]:
    """Compile revisions side by side, and keep what dbt makes of them."""
    with ExitStack() as stack:
        compilations = {}
        for key, (revision, snapshot) in cold.items():
            workplace = stack.enter_context(cache.unfinished())
            snapshot.write(workplace / FILES)
            compilations[key] = DbtJob(
                "compile", revision.name, workplace, snapshot.profile, variables
            )
        try:
            run_all(list(compilations.values()), target)
        except MetricsStoreError:
            for key, compilation in compilations.items():
                _store_failure(compilation, cold[key][1].key, cache)
            raise
        return {
            key: _cached(cold[key][0], _store(compilation.workplace, cold[key][1].key, cache))
            for key, compilation in compilations.items()
        }


def _store_failure(compilation: DbtJob, key: str, cache: DirectoryCache) -> None:
    """Keep what dbt says of files that it cannot parse: it takes as long to find that out again."""
    message = compilation.lasting_failure()
    if message:
        with cache.unfinished() as cached:
            (cached / FAILURE).write_text(message, encoding="utf-8")
            cache.store(cached, key)


def _cached(revision: Revision, directory: Path) -> Artifacts:
    if (directory / FAILURE).exists():
        message = (directory / FAILURE).read_text(encoding="utf-8")
        raise failure_of_job("compile", revision.name, message)
    return Artifacts(revision, directory, directory / FILES)


def _store(workplace: Path, key: str, cache: DirectoryCache) -> Path:
    """Keep the files and the manifests: no logs, and above all no profile."""
    with cache.unfinished() as cached:
        (workplace / FILES).rename(cached / FILES)
        for name in (MANIFEST, SEMANTIC_MANIFEST):
            (workplace / TARGET / name).rename(cached / name)
        return cache.store(cached, key)
