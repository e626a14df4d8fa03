"""The files of one state of a dbt project, as git keeps them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.project_paths import WHOLE, ProjectPaths, project_paths
from metrics_store.review.git.git_command import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from metrics_store.review.git.repository import Repository


@dataclass(frozen=True)
class Entry:
    """One file.

    Attributes:
        path: Below the project.
        mode: Git's: 100644 or 100755 a file, 120000 a symbolic link, 160000 a submodule.
        blob: The hash of its content.
    """

    path: str
    mode: str
    blob: str


@dataclass(frozen=True)
class ProjectTree:
    """What dbt reads of a project in one commit or tree.

    Attributes:
        entries: The files, by path.
        paths: Where they lie; none where there is no dbt project.
    """

    entries: tuple[Entry, ...]
    paths: ProjectPaths | None

    @property
    def key(self) -> str:
        """The same for the same files, and for no others (64 hexadecimal digits)."""
        # The mode that says a file may be executed means nothing to dbt.
        lines = (f"{entry.mode[:3]} {entry.blob} {entry.path}\0" for entry in self.entries)
        return hashlib.sha256(os.fsencode("".join(lines))).hexdigest()


def project_tree(repository: Repository, tree: str, name: str) -> ProjectTree:
    """Read what dbt reads of a project in a commit or tree.

    Args:
        repository: Where it is kept.
        tree: The full hash of a commit or tree.
        name: What to call it in an error.

    Raises:
        MetricsStoreError: Its `dbt_project.yml` cannot be read.
    """
    content = repository.show(tree, PROJECT_FILE)
    if content is None:
        return ProjectTree((), None)
    paths = project_paths(content, f"{name}: {repository.prefix}{PROJECT_FILE}")
    return tree_below(repository, tree, paths)


def tree_below(repository: Repository, tree: str, paths: ProjectPaths) -> ProjectTree:
    """Read what lies below a project's paths in a commit or tree."""
    return ProjectTree(tuple(_entries(repository, tree, paths)), paths)


def _entries(repository: Repository, tree: str, paths: ProjectPaths) -> Iterable[Entry]:
    everything = paths.all == (WHOLE,)
    for entry in files_below(repository, tree, () if everything else paths.all):
        if everything or paths.count(entry.path):
            yield entry


def files_below(repository: Repository, tree: str, paths: Sequence[str]) -> Iterator[Entry]:
    """Give the files of a project in a commit or tree that lie below paths.

    Args:
        repository: Where they are kept.
        tree: The full hash of a commit or tree.
        paths: Files and directories below the project; none for the whole project.
    """
    wanted = [repository.prefix + path for path in paths]
    if not wanted and repository.prefix:
        wanted = [repository.prefix]
    listed, _ = git(
        "ls-tree", "-r", "-z", "--full-tree", tree, "--", *wanted, directory=repository.root
    )
    for line in os.fsdecode(listed).split("\0"):
        if not line:
            continue
        facts, path = line.split("\t", 1)
        mode, _, blob = facts.split(" ")
        yield Entry(path.removeprefix(repository.prefix), mode, blob)


def hashes_of(repository: Repository, asked: Sequence[tuple[str, str]]) -> list[str]:
    """Give the hash of each path in a commit, in one run of git; empty where it has none.

    Args:
        repository: Where they are kept.
        asked: The full hashes of commits, each with a path below the project.
    """
    lines = (
        f"{commit}:{repository.prefix}{'' if path == WHOLE else path}".rstrip("/")
        for commit, path in asked
    )
    given = os.fsencode("".join(f"{line}\n" for line in lines))
    output, _ = git("cat-file", "--batch-check", directory=repository.root, given=given)
    found = [line.split(b" ") for line in output.splitlines()]
    return ["" if line[-1] == b"missing" else line[0].decode() for line in found]
