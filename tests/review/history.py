"""A dbt project with a history, for the tests of reviews."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TINY_PROJECT = Path(__file__).parent.parent / "tiny_project"

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.com",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class History:
    """A git repository with a project, by default the tiny shop, as its first commit."""

    def __init__(self, root: Path, project: str = "", source: Path = TINY_PROJECT) -> None:
        self.root = root
        self.project = root / project
        shutil.copytree(source, self.project)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.first = self.commit("first")

    def git(self, *arguments: str, when: str = "2026-03-04T05:06:07+02:00") -> str:
        """Run git in the repository."""
        environment = {**os.environ, **_IDENTITY, "GIT_COMMITTER_DATE": when}
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the git on the PATH
            cwd=self.root,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, path: str, content: str) -> None:
        """Write a file of the project."""
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def commit(self, message: str) -> str:
        """Commit everything and give the hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")
