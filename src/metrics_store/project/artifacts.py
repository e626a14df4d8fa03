"""The artifacts that dbt writes: made by `dbt parse`, read and copied."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_command import run_dbt

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target

MANIFEST = "manifest.json"
SEMANTIC_MANIFEST = "semantic_manifest.json"
# Says which state of the files the manifests beside it are of.
_STATE = "state_of_files"


def artifacts_directory(target: Target) -> Path:
    """Give the directory of a target's own artifacts.

    Relation names are baked into them, so that no two targets may share one.
    """
    return target.project_directory / "target" / "targets" / target.name


def parse_project(target: Target) -> Path:
    """Give the directory of the artifacts of the files as they are, by `dbt parse` if need be.

    Files that are as they were when they were last parsed are not parsed again.

    Raises:
        MetricsStoreError: dbt cannot parse the project.
    """
    # Not where readers look: what is parsed now may not be what was built.
    # Whoever reads what is parsed already need not wait for it.
    from metrics_store.project.project_files import state_of_files  # noqa: PLC0415

    directory = artifacts_directory(target) / "parse"
    state, noted = state_of_files(target), directory / _STATE
    if state and _is_of(directory, state):
        return directory
    noted.unlink(missing_ok=True)
    run_dbt(
        ["parse", "--target", target.name, "--target-path", str(directory)],
        project_directory=target.project_directory,
        quiet=True,
    )
    # Who edits while dbt reads has it read again.
    if state and state_of_files(target) == state:
        noted.write_text(state, encoding="utf-8")
    return directory


def _is_of(directory: Path, state: str) -> bool:
    """Whether both manifests are there, and of one state of the files."""
    noted = directory / _STATE
    return (
        noted.is_file()
        and noted.read_text(encoding="utf-8") == state
        and all((directory / name).is_file() for name in (MANIFEST, SEMANTIC_MANIFEST))
    )


def read_manifest(directory: Path) -> dict[str, Any]:
    """Read dbt's `manifest.json` out of an artifacts directory.

    Raises:
        MetricsStoreError: It is missing or no JSON.
    """
    path = directory / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MetricsStoreError(
            "the project was not parsed yet", where=str(path), remedy="run `metrics build`"
        ) from error
    except json.JSONDecodeError as error:
        raise MetricsStoreError("dbt's manifest is not valid JSON", where=str(path)) from error
    return content


def copy_manifests(source: Path, destination: Path) -> None:
    """Copy both manifests; each is replaced in one step, so that a reader never sees half of one.

    Args:
        source: An artifacts directory that dbt wrote.
        destination: An artifacts directory; it is made where it is missing.
    """
    destination.mkdir(parents=True, exist_ok=True)
    for name in (MANIFEST, SEMANTIC_MANIFEST):
        temporary = destination / f".{name}.new"
        shutil.copyfile(source / name, temporary)
        temporary.replace(destination / name)
