"""Builds revisions in a PostgreSQL database, in schemas beside the live ones."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST, artifacts_directory
from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import project_paths
from metrics_store.review.builds.exported_files import files_of
from metrics_store.review.builds.raw_table_state import changed_tables, state_of_tables
from metrics_store.review.builds.review_schemas import schemas_of_a_review
from metrics_store.review.directory_cache import DirectoryCache, default_directory
from metrics_store.review.jobs.dbt_job import DbtJob
from metrics_store.review.jobs.job_process import FILES, TARGET
from metrics_store.review.jobs.job_runner import run_all
from metrics_store.review.settings import read_settings
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision_artifacts import Artifacts

_SIDES = ("base", "head")


@contextmanager
def build_in_postgres(sides: Sequence[Artifacts], target: Target) -> Iterator[list[Target]]:
    """Give a target for each of two revisions, built on the raw tables where they lie.

    After the block the schemas that they are in are gone. Equal revisions are built once.

    Args:
        sides: The base and the head.
        target: The target as it stands, of type postgres; nothing of it is written to.

    Raises:
        MetricsStoreError: A side cannot be built, or no schemas can be created for it.
    """
    different = dict(zip([files_of(side).parent for side in sides], sides, strict=True))
    cache = DirectoryCache(default_directory() / "builds", most=12, most_bytes=20 * 1024**3)
    started = datetime.now(UTC)
    with ExitStack() as stack:
        names = _SIDES[: len(different)]
        schemas = stack.enter_context(schemas_of_a_review(target, names))
        jobs = {}
        for (key, side), schema in zip(different.items(), schemas, strict=True):
            workplace = stack.enter_context(cache.unfinished())
            jobs[key] = _job(side, target, schema, workplace, started)
        raw = {
            f"{source['schema']}.{source['identifier']}"
            for side in sides
            for source in side.manifest["sources"].values()
        }
        before = state_of_tables(raw, target) if raw else {}
        run_all(list(jobs.values()), target)
        if before and (changed := changed_tables(before, raw, target)):
            say(f"raw tables changed meanwhile: {', '.join(changed)}; run the review again")
        built = {key: _target(job, target) for key, job in jobs.items()}
        yield [built[files_of(side).parent] for side in sides]


def _job(
    side: Artifacts, target: Target, schema: str, workplace: Path, started: datetime
) -> DbtJob:
    files = workplace / FILES
    shutil.copytree(files_of(side), files, symlinks=True)
    return DbtJob(
        "build",
        side.revision.name,
        workplace,
        project_paths((files / PROJECT_FILE).read_bytes(), side.revision.name).profile,
        read_settings(target.project_directory).data.vars,
        started,
        schema,
        {
            name: {part: source[part] for part in ("database", "schema", "relation_name")}
            for name, source in side.manifest["sources"].items()
        },
    )


def _target(job: DbtJob, target: Target) -> Target:
    """Give the target of what was built, with its manifests where a target has them."""
    settings = {**target.settings, "schema": job.schema}
    built = replace(target, project_directory=job.workplace / FILES, settings=settings)
    directory = artifacts_directory(built)
    directory.mkdir(parents=True)
    for name in (MANIFEST, SEMANTIC_MANIFEST):
        (job.workplace / TARGET / name).rename(directory / name)
    return built
