"""The files of a revision, with everything else that its compiled SQL depends on."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from metrics_store.review.git.project_tree import project_tree
from metrics_store.review.git.repository import find_repository
from metrics_store.review.git.tree_files import read_files, write_files
from metrics_store.review.jobs.job_process import STARTED
from metrics_store.review.jobs.scratch_profile import deciding_settings
from metrics_store.review.revisions.dbt_packages import digest_of_directory, installed_packages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.project.project_paths import ProjectPaths
    from metrics_store.review.git.project_tree import Entry, ProjectTree
    from metrics_store.review.git.repository import Repository
    from metrics_store.review.revisions.revision import Revision

# Rises when revisions are compiled in another way.
_FORMAT = 1

_VARIABLE = re.compile(rb"env_var\(\s*['\"]([^'\"]+)['\"]")


@dataclass(frozen=True)
class ProjectSnapshot:
    """The project of a revision.

    Attributes:
        key: The same key, the same compiled SQL.
        profile: The name of the profile that it asks for.
    """

    key: str
    profile: str
    _revision: str
    _files: dict[Entry, bytes]
    _paths: ProjectPaths
    _packages: Path | None

    def write(self, directory: Path) -> None:
        """Write the project's files, and the packages it needs; the directory is made."""
        write_files(self._files, directory, revision=self._revision)
        if self._packages is not None:
            shutil.copytree(self._packages, directory / self._paths.packages)


def project_snapshot(
    revision: Revision, target: Target, variables: Mapping[str, Any]
) -> ProjectSnapshot | None:
    """Read the project of a revision; none where it has none.

    Args:
        revision: A revision that git keeps.
        target: What it will be compiled for.
        variables: dbt's variables.

    Raises:
        MetricsStoreError: It needs packages that are not installed.
    """
    repository = find_repository(target.project_directory)
    tree = project_tree(repository, str(revision.tree), revision.name)
    return SnapshotReader(repository, target, variables, [tree]).snapshot(revision.name, tree)


class SnapshotReader:
    """Reads the projects of revisions; what several have in common is read once.

    Args:
        repository: Where they are kept.
        target: What they will be compiled for.
        variables: dbt's variables.
        trees: The projects.
    """

    def __init__(
        self,
        repository: Repository,
        target: Target,
        variables: Mapping[str, Any],
        trees: Sequence[ProjectTree],
    ) -> None:
        self._project_directory = target.project_directory
        entries = {entry.blob: entry for tree in trees for entry in tree.entries}
        contents = read_files([*entries.values()], repository)
        self._contents = {entry.blob: content for entry, content in contents.items()}
        self._named = {blob: _VARIABLE.findall(content) for blob, content in self._contents.items()}
        self._parts = {
            "format": _FORMAT,
            "target": deciding_settings(target),
            "versions": [version(name) for name in ("dbt-core", f"dbt-{target.adapter_type}")],
            "started": str(STARTED),
            "variables": dict(variables),
        }
        self._digests: dict[Path, str] = {}

    def snapshot(self, name: str, tree: ProjectTree) -> ProjectSnapshot | None:
        """Give one of them; none where there is no project.

        Args:
            name: What to call the revision in an error.
            tree: Its project, one of those that are read.

        Raises:
            MetricsStoreError: It needs packages that are not installed.
        """
        if tree.paths is None:
            return None
        files = {
            entry: self._contents[entry.blob]
            for entry in tree.entries
            if entry.blob in self._contents
        }
        packages = installed_packages(
            {entry.path: content for entry, content in files.items()},
            tree.paths.packages,
            self._project_directory,
            revision=name,
        )
        parts = {
            **self._parts,
            "files": tree.key,
            "packages": self._digest(packages),
            "environment": self._environment(files),
        }
        written = json.dumps(parts, sort_keys=True, default=str)
        key = hashlib.sha256(written.encode()).hexdigest()
        return ProjectSnapshot(key, tree.paths.profile, name, files, tree.paths, packages)

    def _digest(self, packages: Path | None) -> str:
        if packages is None:
            return ""
        if packages not in self._digests:
            self._digests[packages] = digest_of_directory(packages)
        return self._digests[packages]

    def _environment(self, files: Iterable[Entry]) -> dict[str, str | None]:
        """Give the environment variables that templates name, as they are set now."""
        names = {name for entry in files for name in self._named[entry.blob]}
        return {name.decode(errors="replace"): os.environ.get(os.fsdecode(name)) for name in names}
