"""Make a project of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project_template.base import DIRECTORY, Base, write_base
from metrics_store.project_template.file_writer import write_file
from metrics_store.project_template.template_files import read_template
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def create_project(directory: Path) -> int:
    """Make a dbt project in a directory that is missing or empty.

    Hidden files of others, such as `.git` and `.venv`, may be there.

    Returns:
        How many files it has.

    Raises:
        MetricsStoreError: Something is there already, or it cannot be written.
    """
    files = read_template()
    try:
        _require_empty(directory, files)
        for name, content in files.items():
            write_file(directory / name, content)
        write_base(directory, Base(__version__, files))
    except OSError as error:
        raise MetricsStoreError(
            "the project cannot be written", where=f"{error.filename}: {error.strerror}"
        ) from error
    return len(files)


def _require_empty(directory: Path, files: Iterable[str]) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise MetricsStoreError(
            "this is a file, and no directory for a project",
            where=str(directory),
            remedy="name a directory that does not exist yet",
        )
    ours = {DIRECTORY, *(name.partition("/")[0] for name in files)}
    there = sorted(
        one.name for one in directory.iterdir() if one.name in ours or not one.name.startswith(".")
    )
    if not there:
        return
    is_project = (directory / DIRECTORY).exists()
    raise MetricsStoreError(
        "the directory is not empty, and nothing in it is replaced",
        where=f"{directory}: {', '.join(there[:5])}{', ...' if len(there) > 5 else ''}",  # noqa: PLR2004
        expected="a directory that is empty or does not exist yet",
        remedy="`metrics upgrade` brings a project up to date"
        if is_project
        else "name another directory",
    )
