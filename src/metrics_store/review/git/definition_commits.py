"""The commits at which something differs of what dbt reads, with what it reads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import project_paths
from metrics_store.review.git.project_tree import ProjectTree, hashes_of, tree_below
from metrics_store.review.git.tree_files import read_blobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.project.project_paths import ProjectPaths
    from metrics_store.review.git.commit_log import Commit
    from metrics_store.review.git.repository import Repository


@dataclass(frozen=True)
class DefinitionCommit:
    """A commit that differs from the one before it.

    Attributes:
        commit: The commit.
        tree: What dbt reads of the project there; none where its `dbt_project.yml` is broken.
    """

    commit: Commit
    tree: ProjectTree | None


def definition_commits(repository: Repository, commits: Sequence[Commit]) -> list[DefinitionCommit]:
    """Leave out the commits that differ in nothing that dbt reads from the one before them.

    Git tells it by the hashes of files and directories: three runs of it, and one for each commit
    that differs.

    Args:
        repository: Where the project is kept.
        commits: The commits, in order.
    """
    projects = hashes_of(repository, [(one.hash, PROJECT_FILE) for one in commits])
    paths = {
        blob: _paths(content)
        for blob, content in read_blobs(filter(None, projects), repository).items()
    }
    asked = [
        (commit.hash, path)
        for commit, project in zip(commits, projects, strict=True)
        for path in _all(paths.get(project))
    ]
    found = iter(hashes_of(repository, asked))
    changed: list[DefinitionCommit] = []
    before: tuple[str, ...] | None = None
    for commit, project in zip(commits, projects, strict=True):
        read = (project, *(next(found) for _ in _all(paths.get(project))))
        if read != before:
            tree = _tree(repository, commit, paths.get(project), is_there=bool(project))
            if not changed or tree is None or tree != changed[-1].tree:
                changed.append(DefinitionCommit(commit, tree))
        before = read
    return changed


def _paths(content: bytes) -> ProjectPaths | None:
    try:
        return project_paths(content, PROJECT_FILE)
    except MetricsStoreError:
        return None


def _all(paths: ProjectPaths | None) -> tuple[str, ...]:
    return () if paths is None else paths.all


def _tree(
    repository: Repository, commit: Commit, paths: ProjectPaths | None, *, is_there: bool
) -> ProjectTree | None:
    if is_there and paths is None:
        return None
    return ProjectTree((), None) if paths is None else tree_below(repository, commit.hash, paths)
