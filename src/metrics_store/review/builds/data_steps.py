"""Raw tables made by the `metrics` commands of `review.yml`, and cached."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_command import QUIET_ENVIRONMENT
from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import project_paths
from metrics_store.review.directory_cache import DirectoryCache, default_directory
from metrics_store.review.jobs.job_process import FILES, PROFILE, SCRATCH
from metrics_store.review.jobs.scratch_profile import database_file, write_profile
from metrics_store.review.settings import FILE
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.database_copy import copy_database
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision_artifacts import Artifacts

_DATABASE = "data.duckdb"
_COMMAND = (sys.executable, "-P", "-c", "from metrics_store.cli import main; main()")


def key_of_steps(steps: Sequence[str], head: Artifacts) -> str:
    """Give the key of what the steps make: themselves, the commands' code, the contracts."""
    package = importlib.resources.files("metrics_store")
    sources = {
        name: [source[part] for part in ("schema", "identifier", "columns", "meta", "config")]
        for name, source in head.manifest["sources"].items()
    }
    digest = hashlib.sha256(json.dumps([__version__, *steps, sources], sort_keys=True).encode())
    for command in ("demo", "load"):
        with importlib.resources.as_file(package / command) as directory:
            for path in sorted(directory.rglob("*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def data_of_steps(steps: Sequence[str], head: Artifacts, target: Target) -> Path:
    """Run the steps, each a process of its own, into a DuckDB file, or give the one they made.

    Args:
        steps: `metrics` commands without the word `metrics`.
        head: The revision whose project they run in.
        target: The target as it stands, of type duckdb.

    Raises:
        MetricsStoreError: A step did not succeed.
    """
    cache = DirectoryCache(default_directory() / "data", most=5, most_bytes=10 * 1024**3)
    key = key_of_steps(steps, head)
    name = database_file(target)
    if found := cache.find(key):
        return found / _DATABASE
    if head.files is None or name is None:
        raise MetricsStoreError("there is no project that the data could be loaded for")
    with cache.unfinished() as workplace, cache.unfinished() as cached:
        shutil.copytree(head.files, workplace / FILES, symlinks=True)
        (workplace / SCRATCH).mkdir()
        project = project_paths((workplace / FILES / PROJECT_FILE).read_bytes(), head.revision.name)
        database = workplace / SCRATCH / name
        profile = workplace / PROFILE
        write_profile(target, project.profile, profile, path=str(database))
        for step in steps:
            with working(f"metrics {step}"):
                _run(step, workplace)
        built = Warehouse(database).current()
        if built is None:
            raise MetricsStoreError(
                "the steps loaded no data", where=f"{FILE}, data.steps", expected="a step `load`"
            )
        copy_database(built.database, cached / _DATABASE, patience=0)
        return cache.store(cached, key) / _DATABASE


def _run(step: str, workplace: Path) -> None:
    directory = workplace / "directory"
    directory.mkdir(exist_ok=True)
    arguments = [part.replace("{directory}", str(directory)) for part in shlex.split(step)]
    done = subprocess.run(
        [*_COMMAND, *arguments],
        cwd=directory,
        env={
            **os.environ,
            **QUIET_ENVIRONMENT,
            "DBT_PROJECT_DIR": str(workplace / FILES),
            "DBT_PROFILES_DIR": str(workplace / PROFILE),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        output = done.stdout.strip()[-1_000:].replace(f"{workplace}/", "")
        raise MetricsStoreError(
            "a step that makes the data did not succeed",
            where=f"{FILE}, data.steps: {step}\n    " + output.replace("\n", "\n    "),
            remedy=f"run `metrics {step}` in a scratch directory to see why",
        )
