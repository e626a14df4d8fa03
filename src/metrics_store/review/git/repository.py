"""The git repository that a dbt project lies in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from metrics_store.errors import MetricsStoreError
from metrics_store.review.git.git_command import GitError, git


@dataclass(frozen=True)
class Repository:
    """A repository, seen from a dbt project in it.

    Attributes:
        root: The top of its working tree.
        prefix: The project's path below the root, with a slash at its end; empty at the root.
    """

    root: Path
    prefix: str

    @property
    def project_directory(self) -> Path:
        """The dbt project in the working tree."""
        return self.root / self.prefix

    def show(self, tree: str, path: str) -> bytes | None:
        """Give a file of the project as it is in a commit or tree; none where it has none.

        Args:
            tree: A full hash.
            path: Below the project.
        """
        listed, _ = git(
            "ls-tree", "-z", "--full-tree", tree, "--", self.prefix + path, directory=self.root
        )
        if not listed.startswith(b"100"):
            return None
        content, _ = git("cat-file", "blob", f"{tree}:{self.prefix}{path}", directory=self.root)
        return content


def find_repository(project_directory: Path) -> Repository:
    """Give the repository that a dbt project lies in.

    Raises:
        MetricsStoreError: It lies in none, or git may not read it.
    """
    try:
        output, _ = git(
            "rev-parse", "--show-toplevel", "--show-prefix", directory=project_directory
        )
    except GitError as error:
        if "not a git repository" not in error.message:
            raise
        raise MetricsStoreError(
            "the dbt project is in no git repository, so that it has no revisions",
            where=str(project_directory),
            expected="a project whose changes are kept in git",
            remedy="run `git init` and commit the project, or compare two directories with "
            "dbt's artifacts",
        ) from error
    root, prefix = os.fsdecode(output).split("\n")[:2]
    return Repository(Path(root), prefix)
