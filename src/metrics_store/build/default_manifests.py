"""The manifests that `mf` and dbt's own tools read: those of the project's default target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.project.artifacts import copy_manifests
from metrics_store.project.profile import is_default
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target


def publish_manifests(artifacts: Path, target: Target) -> None:
    """Copy the manifests of a build to where `mf` looks for them, if it asks that target.

    `mf` looks in one place, whatever its target is, and the names of tables are written there. Of
    another target they would let it read that one's tables without a word.
    """
    if is_default(target):
        copy_manifests(artifacts, target.project_directory / "target")
        return
    say(
        f"`mf` was told nothing of this build, as its target is not {target.name}: before you ask "
        f"it there, make that the profile's target and run `dbt parse`"
    )
