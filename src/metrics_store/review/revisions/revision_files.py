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
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.git.project_paths import ProjectPaths
    from metrics_store.review.git.project_tree import Entry
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
    if tree.paths is None:
        return None
    files = read_files(tree.entries, repository)
    packages = installed_packages(
        {entry.path: content for entry, content in files.items()},
        tree.paths.packages,
        target.project_directory,
        revision=revision.name,
    )
    parts = {
        "format": _FORMAT,
        "files": tree.key,
        "packages": digest_of_directory(packages) if packages else "",
        "target": deciding_settings(target),
        "versions": [version(name) for name in ("dbt-core", f"dbt-{target.adapter_type}")],
        "started": str(STARTED),
        "variables": dict(variables),
        "environment": _environment(files.values()),
    }
    written = json.dumps(parts, sort_keys=True, default=str)
    key = hashlib.sha256(written.encode()).hexdigest()
    return ProjectSnapshot(key, tree.paths.profile, revision.name, files, tree.paths, packages)


def _environment(contents: Iterable[bytes]) -> dict[str, str | None]:
    """Give the environment variables that templates name, as they are set now."""
    names = {name for content in contents for name in _VARIABLE.findall(content)}
    return {name.decode(errors="replace"): os.environ.get(os.fsdecode(name)) for name in names}
