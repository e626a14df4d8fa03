"""Hand dbt's manifests from where a build made them to where readers look for them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


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
