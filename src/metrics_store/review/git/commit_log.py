"""The commits of the main line up to what is checked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.errors import NotFoundError
from metrics_store.review.git.git_command import git
from metrics_store.review.git.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """A commit.

    Attributes:
        hash: The full one.
        date: The committer's (UTC).
    """

    hash: str
    date: datetime


def first_parents(project_directory: Path, since: datetime | None = None) -> list[Commit]:
    """Give the commits of the main line, the oldest first: of a merge, the side merged into.

    Args:
        project_directory: The dbt project.
        since: Leave out older ones, but for the last before it, which says what held then.
    """
    commits = _main_line(project_directory)
    if since is not None:
        newer = [commit for commit in commits if commit.date >= since]
        commits = commits[: len(newer) + 1]
    return commits[::-1]


def last_commit_before(project_directory: Path, moment: datetime) -> str:
    """Give the newest commit of the main line that is no younger than a moment.

    Raises:
        NotFoundError: There was none yet.
    """
    commits = _main_line(project_directory)
    for commit in commits:
        if commit.date <= moment:
            return commit.hash
    first = commits[-1].date
    raise NotFoundError(
        "there was no definition yet at that time",
        where=f"{moment:%Y-%m-%d %H:%M} UTC",
        expected=f"{first:%Y-%m-%d}, the day of the project's first commit, or a later one",
    )


def _main_line(project_directory: Path) -> list[Commit]:
    root = find_repository(project_directory).root
    output, _ = git("log", "--first-parent", "--format=%H %ct", "HEAD", directory=root)
    lines = (line.split() for line in output.decode().splitlines())
    return [Commit(name, datetime.fromtimestamp(int(seconds), UTC)) for name, seconds in lines]
