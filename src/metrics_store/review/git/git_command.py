"""Runs git as a process."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# In a hook git points these at the repository at hand; the project's own directory decides here.
_OF_ANOTHER_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


class GitError(MetricsStoreError):
    """A git command failed.

    Attributes:
        message: Git's own words.
    """

    def __init__(self, message: str, arguments: tuple[str, ...]) -> None:
        self.message = message
        super().__init__(
            "git did not succeed",
            where=f"git {arguments[0]}: {message.strip()[:500]}",
        )


def git(
    *arguments: str,
    directory: Path,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> tuple[bytes, str]:
    """Run `git ARGUMENTS` in the directory.

    Args:
        arguments: The command line after `git`; what a user named stands behind
            `--end-of-options` or `--`.
        directory: Where to run it.
        given: What it reads on its standard input.
        environment: Variables to add to this process's own.

    Returns:
        What it wrote, and what it warned of.

    Raises:
        GitError: It did not succeed.
        MetricsStoreError: There is no git here.
    """
    inherited = {
        name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY
    }
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],  # noqa: S607 - the user's own git
            cwd=directory,
            env={**inherited, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(environment or {})},
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise MetricsStoreError(
            "git is not installed, or not on the PATH",
            expected="git, which keeps the revisions",
            remedy="install git and run this again",
        ) from error
    warnings = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        raise GitError(warnings, arguments)
    return done.stdout, warnings
