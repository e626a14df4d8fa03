"""The default base of a review: where HEAD left the main branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.git.git_command import GitError, git
from metrics_store.review.git.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path

_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def default_base(project_directory: Path, branch: str | None) -> str:
    """Give the commit at which HEAD left a branch.

    Args:
        project_directory: The dbt project.
        branch: The branch; none for the first of the usual ones that is there.

    Raises:
        MetricsStoreError: There is no such branch, or the two have nothing in common.
    """
    root = find_repository(project_directory).root
    for name in (branch,) if branch else _BRANCHES:
        try:
            output, _ = git("merge-base", "--end-of-options", name, "HEAD", directory=root)
        except GitError:
            continue
        return output.decode().strip()
    raise MetricsStoreError(
        "there is nothing to compare with",
        where=str(root),
        expected=f"a branch {branch or 'main'} that shares history with what is checked out",
        remedy="name the base, as in `metrics check main~1`; a shallow clone needs "
        "`git fetch --unshallow`",
    )
