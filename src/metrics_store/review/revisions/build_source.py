"""Records in dbt's manifest which files a warehouse was built from."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.review.git.project_tree import project_tree
from metrics_store.review.git.repository import find_repository
from metrics_store.review.git.working_tree import write_working_tree
from metrics_store.review.revisions.revision import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = "METRICS_SOURCE_TREE"
# dbt keeps what starts so in the metadata of its manifest.
_VARIABLE = f"DBT_ENV_CUSTOM_ENV_{_NAME}"
_HASH = re.compile("[0-9a-f]{40,64}", re.ASCII)
_FILES = ("model", "seed", "snapshot")


@contextmanager
def recording_source(project_directory: Path) -> Iterator[None]:
    """Record the git tree in the manifest of a build in the `with` block.

    Where git does not keep the project, or may not write to it, nothing is noted.
    """
    try:
        os.environ[_VARIABLE] = write_working_tree(find_repository(project_directory))
    except (MetricsStoreError, OSError):
        os.environ.pop(_VARIABLE, None)
    try:
        yield
    finally:
        os.environ.pop(_VARIABLE, None)


def recorded_source(manifest: dict[str, Any], project_directory: Path) -> Revision | None:
    """Give the revision that a manifest records; none where git no longer has it."""
    tree = (manifest["metadata"].get("env") or {}).get(_NAME)
    if not isinstance(tree, str) or not _HASH.fullmatch(tree):
        return None
    name = "what was built"
    try:
        key = project_tree(find_repository(project_directory), tree, name).key
    except MetricsStoreError:
        return None
    return Revision(name, None, key, None, tree)


def same_files(
    manifests: tuple[dict[str, Any], dict[str, Any]],
    semantic_manifests: tuple[dict[str, Any], dict[str, Any]],
) -> bool:
    """Whether two manifests are of the same files: dbt keeps a note when it reads only in part."""
    old, new = map(_checksums, manifests)
    return old == new and semantic_manifests[0] == semantic_manifests[1]


def _checksums(manifest: dict[str, Any]) -> dict[str, Any]:
    nodes = {
        name: node["checksum"]
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in _FILES
    }
    return {**nodes, **{name: one["macro_sql"] for name, one in manifest["macros"].items()}}
