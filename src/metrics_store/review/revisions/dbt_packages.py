"""The dbt packages of a revision, which git seldom keeps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LOCK = "package-lock.yml"
_REQUIREMENTS = ("packages.yml", "dependencies.yml")


def installed_packages(
    files: Mapping[str, bytes], directory: str, project_directory: Path, *, revision: str
) -> Path | None:
    """Give the directory of the packages that a revision asks for and does not bring itself.

    They are those of the project as it stands, where it asks for the same ones.

    Args:
        files: The files of the revision, by path.
        directory: Where it wants its packages.
        project_directory: The project as it stands.
        revision: What to call the revision in an error.

    Raises:
        MetricsStoreError: The packages are not installed, or are other ones.
    """
    if not any(_mapping(files.get(name)).get("packages") for name in _REQUIREMENTS):
        return None
    if any(path.startswith(f"{directory}/") for path in files):
        return None
    installed = project_directory / directory
    if not installed.is_dir() or not _has_same_requirements(files, project_directory):
        raise MetricsStoreError(
            "the revision needs dbt packages that are not installed",
            where=f"{revision}: {directory}/ is not in git",
            expected="the packages that the project as it stands asks for"
            if installed.is_dir()
            else f"{directory}/ in the project as it stands",
            remedy="run `dbt deps`; where the revision asks for other versions, check it out, run "
            "`dbt deps && dbt compile` there and name its target directory instead",
        )
    return installed


def digest_of_directory(directory: Path) -> str:
    """Give what tells one content of a directory from another."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(directory)).encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _has_same_requirements(files: Mapping[str, bytes], project_directory: Path) -> bool:
    names = (_LOCK,) if _LOCK in files else _REQUIREMENTS
    return all(
        _mapping(files.get(name)) == _mapping(_content(project_directory / name)) for name in names
    )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _mapping(content: bytes | None) -> dict[str, Any]:
    try:
        read = yaml.safe_load(content or b"")
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}  # what is no YAML, dbt says itself
    return read if isinstance(read, dict) else {}
