"""Builds the DuckDB warehouse of a revision on given raw tables, and caches it."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST
from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import project_paths
from metrics_store.review.builds.exported_files import files_of
from metrics_store.review.builds.review_data import require_duckdb
from metrics_store.review.directory_cache import DirectoryCache, default_directory
from metrics_store.review.jobs.dbt_job import DbtJob
from metrics_store.review.jobs.job_process import FILES, SCRATCH, TARGET
from metrics_store.review.jobs.job_runner import run_all
from metrics_store.review.jobs.scratch_profile import database_file
from metrics_store.review.settings import read_settings
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.database_copy import checkpoint, copy_database
from metrics_store.warehouse.embedded.retention import ARTIFACTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.builds.review_data import Data
    from metrics_store.review.revisions.revision_artifacts import Artifacts

# How long to wait, in seconds, for a writer to close the file with the data.
_PATIENCE = 30.0


def built(artifacts: Artifacts, data: Data, target: Target) -> Target:
    """Give a target whose warehouse is the revision, built on the data.

    Args:
        artifacts: What dbt makes of the revision.
        data: The raw tables.
        target: The target as it stands, of type duckdb.

    Returns:
        The target of the same name, with a project and a warehouse that are the review's own.

    Raises:
        MetricsStoreError: The revision cannot be built, or the data cannot be read.
    """
    return build_all_in_duckdb([artifacts], data, target)[0]


def build_all_in_duckdb(sides: Sequence[Artifacts], data: Data, target: Target) -> list[Target]:
    """Give such a target for each revision; those not built yet are built side by side.

    Raises:
        MetricsStoreError: As for `built`.
    """
    require_duckdb(target)
    cache = DirectoryCache(default_directory() / "builds", most=12, most_bytes=20 * 1024**3)
    keys = [_key(artifacts, data) for artifacts in sides]
    found = {key: directory for key in keys if (directory := cache.find(key))}
    cold = {key: side for key, side in zip(keys, sides, strict=True) if key not in found}
    with ExitStack() as stack:
        jobs = {}
        for key, artifacts in cold.items():
            workplace = stack.enter_context(cache.unfinished())
            jobs[key] = _job(artifacts, data, target, workplace)
        run_all(list(jobs.values()), target)
        for key, job in jobs.items():
            found[key] = _store(job.workplace, key, target, cache)
    return [_target(found[key], target) for key in keys]


def _key(artifacts: Artifacts, data: Data) -> str:
    parts = [files_of(artifacts).parent.name, data.key, data.started.isoformat(), __version__]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _job(artifacts: Artifacts, data: Data, target: Target, workplace: Path) -> DbtJob:
    files = workplace / FILES
    shutil.copytree(str(artifacts.files), files, symlinks=True)
    (workplace / SCRATCH).mkdir()
    if data.file is not None:
        copy_database(data.file, workplace / SCRATCH / _database(target), patience=_PATIENCE)
    name = artifacts.revision.name
    profile = project_paths((files / PROJECT_FILE).read_bytes(), name).profile
    variables = read_settings(target.project_directory).data.vars
    return DbtJob("build", name, workplace, profile, variables, data.started)


def _store(workplace: Path, key: str, target: Target, cache: DirectoryCache) -> Path:
    """Cache the project, the warehouse and its manifests, laid out as a generation is."""
    database = workplace / SCRATCH / _database(target)
    checkpoint(database)
    with cache.unfinished() as cached:
        (workplace / FILES).rename(cached / FILES)
        (cached / ARTIFACTS).mkdir()
        for name in (MANIFEST, SEMANTIC_MANIFEST):
            (workplace / TARGET / name).rename(cached / ARTIFACTS / name)
        database.rename(cached / database.name)
        return cache.store(cached, key)


def _target(directory: Path, target: Target) -> Target:
    settings = {**target.settings, "path": str(directory / _database(target))}
    return replace(target, project_directory=directory / FILES, settings=settings)


def _database(target: Target) -> str:
    name = database_file(target)
    if name is None:
        raise MetricsStoreError(
            f"the target {target.name} keeps its data in no file",
            where=f"profiles.yml, path: {target.settings.get('path')}",
            expected="the path of a DuckDB file",
        )
    return name
