"""Writes the site's directory, in place of an older site."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = ".metrics-docs"
_MARK_TEXT = "Written by `metrics docs`, which replaces this directory whole.\n"


def require_own_directory(directory: Path) -> None:
    """Refuse a place that holds what we did not write.

    Raises:
        MetricsStoreError: It is a file, or a directory with other things in it.
    """
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise MetricsStoreError(
            "the site cannot be written there", where=str(directory), expected="a directory"
        )
    if directory.is_dir() and any(directory.iterdir()) and not (directory / MARK).is_file():
        raise MetricsStoreError(
            "the directory holds files that `metrics docs` did not write",
            where=str(directory),
            expected="a directory that is empty, not there yet, or an older site",
            remedy="give another one with --output, or empty it",
        )


def write_site(directory: Path, files: Mapping[str, str]) -> None:
    """Write files below a directory, all or none: readers see the old site or the new one.

    Args:
        directory: The site's root; an older site there goes.
        files: Path below it -> text.

    Raises:
        MetricsStoreError: The place holds what we did not write, or cannot be written to.
    """
    require_own_directory(directory)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    except OSError as error:
        raise _unwritable(directory, error) from None
    try:
        site = workplace / "new"
        for path, text in {**files, MARK: _MARK_TEXT}.items():
            file = site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        # A directory cannot be renamed over one with files in it: the old one steps aside first.
        if directory.exists():
            directory.rename(workplace / "old")
        site.rename(directory)
    except OSError as error:
        if (workplace / "old").exists() and not directory.exists():
            (workplace / "old").rename(directory)
        raise _unwritable(directory, error) from None
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _unwritable(directory: Path, error: OSError) -> MetricsStoreError:
    return MetricsStoreError(
        "the site cannot be written",
        where=str(directory),
        expected="a place with room that may be written to",
        detail=error.strerror or type(error).__name__,
    )
