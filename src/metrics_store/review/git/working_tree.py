"""Writes the working tree, uncommitted changes included, as a git tree; the index stays."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import project_paths
from metrics_store.review.git.git_command import git

if TYPE_CHECKING:
    from metrics_store.review.git.repository import Repository


def write_working_tree(repository: Repository) -> str:
    """Give the hash of a tree with what dbt reads, as it lies there now; no ignored files.

    Only what dbt reads is brought up to date: a warehouse or demo data beside it may be large.

    Raises:
        MetricsStoreError: The project's file cannot be read, or git may not write its objects.
    """
    content = (repository.project_directory / PROJECT_FILE).read_bytes()
    paths = project_paths(content, str(repository.project_directory / PROJECT_FILE)).all
    index, _ = git("rev-parse", "--git-path", "index", directory=repository.root)
    with tempfile.TemporaryDirectory() as directory:
        ours = Path(directory) / "index"
        theirs = repository.root / os.fsdecode(index).rstrip("\n")
        if theirs.exists():
            shutil.copyfile(theirs, ours)
        environment = {"GIT_INDEX_FILE": str(ours), "GIT_LITERAL_PATHSPECS": "1"}
        known = [path for path in paths if _is_known(repository, path, environment)]
        if known:
            git(
                "add", "--all", "--", *known,
                directory=repository.project_directory, environment=environment,
            )  # fmt: skip
        tree, _ = git("write-tree", directory=repository.root, environment=environment)
    return tree.decode().strip()


def _is_known(repository: Repository, path: str, environment: dict[str, str]) -> bool:
    """Tell whether git would find anything to add or to remove there; else it refuses the path."""
    listed, _ = git(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", path,
        directory=repository.project_directory, environment=environment,
    )  # fmt: skip
    return bool(listed)
