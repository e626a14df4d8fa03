"""Revisions, resolved from the names that users give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.review.git.git_command import GitError, git
from metrics_store.review.git.project_tree import project_tree
from metrics_store.review.git.repository import Repository, find_repository
from metrics_store.review.git.working_tree import write_working_tree
from metrics_store.review.revisions.given_artifacts import artifacts_key, find_artifacts

if TYPE_CHECKING:
    from pathlib import Path

WORKING_TREE = "the working tree"


@dataclass(frozen=True)
class Revision:
    """One state of a dbt project.

    Attributes:
        name: As it was asked for: `main~3`, `v1.2`, `the working tree`, `path/to/target`.
        commit: The full hash; none for the working tree and for artifacts.
        key: Of what dbt reads of the project: the same key, the same definitions. For artifacts:
            of their content.
        date: The committer's date (UTC); none where there is no commit.
        tree: The full hash of git's tree or commit with the files; none for artifacts.
        artifacts: The directory with dbt's artifacts; none for what git keeps.
    """

    name: str
    commit: str | None
    key: str
    date: datetime | None
    tree: str | None = field(default=None, compare=False)
    artifacts: Path | None = field(default=None, compare=False)


def resolve(name: str | None, project_directory: Path) -> Revision:
    """Find what a user calls a revision.

    Args:
        name: A name that git knows, or a directory with dbt's artifacts (or its manifest.json);
            none for the working tree with its uncommitted and untracked, not ignored files.
        project_directory: The dbt project.

    Raises:
        NotFoundError: There is no such revision.
        MetricsStoreError: The name means two things, the project is in no git repository, or the
            revision's `dbt_project.yml` cannot be read.
    """
    if name is None:
        repository = find_repository(project_directory)
        tree = write_working_tree(repository)
        return Revision(
            WORKING_TREE, None, project_tree(repository, tree, WORKING_TREE).key, None, tree
        )
    if not name or not name.isprintable():
        raise NotFoundError("this is no name of a revision", where=ascii(name))
    directory = find_artifacts(name)
    if directory is None:
        return _resolve_in_git(name, find_repository(project_directory))
    if not name.startswith((".", "/")) and _is_in_git(name, project_directory):
        raise MetricsStoreError(
            f"{name} is both a directory with dbt's artifacts and a git revision",
            where=name,
            remedy=f"write ./{name} for the directory, or refs/heads/{name} for the branch",
        )
    return Revision(name, None, artifacts_key(directory), None, artifacts=directory)


def _is_in_git(name: str, project_directory: Path) -> bool:
    try:
        _commit(name, find_repository(project_directory))
    except MetricsStoreError:
        return False
    return True


def _commit(name: str, repository: Repository) -> str:
    output, warnings = git(
        "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}", directory=repository.root
    )
    if "is ambiguous" in warnings:
        raise GitError(warnings, ("rev-parse",))
    return output.decode().strip()


def _resolve_in_git(name: str, repository: Repository) -> Revision:
    try:
        commit = _commit(name, repository)
        seconds, _ = git("log", "-1", "--format=%ct", commit, directory=repository.root)
        key = project_tree(repository, commit, name).key
    except GitError as error:
        raise _unknown(name, repository, error) from error
    return Revision(name, commit, key, datetime.fromtimestamp(int(seconds), UTC), commit)


def _unknown(name: str, repository: Repository, error: GitError) -> MetricsStoreError:
    if "ambiguous" in error.message and "unknown revision" not in error.message:
        return MetricsStoreError(
            f"{name} means more than one thing to git",
            where=str(repository.root),
            expected="the name of one commit",
            remedy=f"write more of the hash, or refs/heads/{name} or refs/tags/{name}",
        )
    shallow, _ = git("rev-parse", "--is-shallow-repository", directory=repository.root)
    if shallow.strip() == b"true":
        return NotFoundError(
            f"there is no revision {name} here, where only a part of the history is",
            where=f"{repository.root}, a shallow clone",
            remedy="run `git fetch --unshallow`; in a GitHub workflow give actions/checkout "
            "fetch-depth: 0, in GitLab set GIT_DEPTH to 0",
        )
    return NotFoundError(
        f"there is no revision {name}",
        where=str(repository.root),
        expected="what git knows, such as main, v1.2 or HEAD~3, or a directory with manifest.json "
        "and semantic_manifest.json",
        remedy="`git log --oneline --all` lists the commits; `git fetch` gets those of others",
    )
