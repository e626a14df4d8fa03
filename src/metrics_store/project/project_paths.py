"""Which files of a project dbt reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import PROJECT_FILE

# dbt's own defaults, by setting.
_DIRECTORIES = {
    "model-paths": ["models"],
    "seed-paths": ["seeds"],
    "snapshot-paths": ["snapshots"],
    "macro-paths": ["macros"],
    "analysis-paths": ["analyses"],
    "test-paths": ["tests"],
    "asset-paths": [],
    "function-paths": ["functions"],
}
_FILES = (
    PROJECT_FILE,
    "packages.yml",
    "dependencies.yml",
    "package-lock.yml",
    "selectors.yml",
    ".dbtignore",
    # Not dbt's, but part of what an answer is: who may see which of its rows.
    "access.yml",
)
WHOLE = "."


@dataclass(frozen=True)
class ProjectPaths:
    """The paths of a project that decide its definitions.

    Attributes:
        profile: The name of the profile that the project asks for.
        files: Files in its root; not all of them need be there.
        directories: Directories of which every file counts; `.` for the project's root.
        documents: Directories of which the Markdown files count.
        packages: Where dbt installs packages.
    """

    profile: str
    files: tuple[str, ...]
    directories: tuple[str, ...]
    documents: tuple[str, ...]
    packages: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every path, files and directories."""
        paths = (*self.files, *self.directories, *self.documents, self.packages)
        return (WHOLE,) if WHOLE in paths else tuple(dict.fromkeys(paths))

    def count(self, path: str) -> bool:
        """Tell whether a file below one of the paths is one that dbt reads."""
        parents = {str(parent) for parent in PurePosixPath(path).parents}
        within = parents.intersection((*self.directories, self.packages))
        return path in self.files or bool(within) or path.endswith(".md")


def project_paths(content: bytes, where: str) -> ProjectPaths:
    """Give the paths that a `dbt_project.yml` names.

    Args:
        content: The file.
        where: What to call it in an error.

    Raises:
        MetricsStoreError: It is no YAML mapping, or names a path outside of the project.
    """
    project = _mapping(content, where)
    directories = [
        path
        for setting, default in _DIRECTORIES.items()
        for path in _paths(project, setting, default, where)
    ]
    return ProjectPaths(
        profile=str(project.get("profile") or "default"),
        files=_FILES,
        directories=tuple(directories),
        documents=tuple(_paths(project, "docs-paths", [], where)),
        packages=(_paths(project, "packages-install-path", [], where) or ["dbt_packages"])[0],
    )


def _mapping(content: bytes, where: str) -> dict[str, Any]:
    try:
        project = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MetricsStoreError(
            "the dbt project's file is not valid YAML", where=f"{where}: {error}"
        ) from error
    if not isinstance(project, dict):
        raise MetricsStoreError(
            "the dbt project's file holds no settings", where=where, expected="a YAML mapping"
        )
    return project


def _paths(project: dict[str, Any], setting: str, default: list[str], where: str) -> list[str]:
    named = project.get(setting)
    listed = default if named is None else named if isinstance(named, list) else [named]
    return [_checked(str(path), f"{where}, {setting}: {path}") for path in listed]


def _checked(path: str, where: str) -> str:
    # What a template names is only known to dbt: everything counts then.
    if "{{" in path:
        return WHOLE
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        raise MetricsStoreError(
            "the dbt project reads files outside of its own directory, which no revision of it has",
            where=where,
            expected="a path below the project",
            remedy="move the files into the project, or make them a dbt package",
        )
    return str(parts)
