"""The files of a project's tree: read them, write them to a directory."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.git.git_command import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from metrics_store.review.git.project_tree import Entry
    from metrics_store.review.git.repository import Repository

_LINK = "120000"
_SUBMODULE = "160000"


def read_files(entries: Sequence[Entry], repository: Repository) -> dict[Entry, bytes]:
    """Give the content of each file; submodules are left out, as in a fresh clone."""
    files = [entry for entry in entries if entry.mode != _SUBMODULE]
    contents = read_blobs((entry.blob for entry in files), repository)
    return {entry: contents[entry.blob] for entry in files}


def read_blobs(blobs: Iterable[str], repository: Repository) -> dict[str, bytes]:
    """Give contents by their hashes."""
    wanted = list(dict.fromkeys(blobs))
    requested = "".join(f"{blob}\n" for blob in wanted).encode()
    output, _ = git("cat-file", "--batch", directory=repository.root, given=requested)
    contents = {}
    position = 0
    for blob in wanted:
        end = output.index(b"\n", position)
        size = int(output[position:end].split(b" ")[2])
        contents[blob] = output[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
    return contents


def write_files(files: dict[Entry, bytes], directory: Path, *, revision: str) -> None:
    """Write the files of a revision.

    Args:
        files: The content of each.
        directory: Where to write them; it is made.
        revision: What to call the revision in an error.

    Raises:
        MetricsStoreError: A symbolic link leads out of the project.
    """
    directory.mkdir()
    for entry, content in files.items():
        path = directory / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == _LINK:
            _require_inside(entry.path, os.fsdecode(content), revision)
            path.symlink_to(os.fsdecode(content))
        else:
            path.write_bytes(content)


def _require_inside(path: str, destination: str, revision: str) -> None:
    depth = len(PurePosixPath(path).parent.parts)
    outside = PurePosixPath(destination).is_absolute()
    for part in PurePosixPath(destination).parts:
        depth += -1 if part == ".." else 1
        outside = outside or depth < 0
    if outside:
        raise MetricsStoreError(
            "a symbolic link of the dbt project leads out of it, where no revision is kept",
            where=f"{revision}: {path} -> {destination}",
            expected="links within the project",
            remedy="replace the link by a copy, or by a dbt package",
        )
