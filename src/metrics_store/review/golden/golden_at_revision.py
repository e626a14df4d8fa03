"""The golden files of a revision."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.review.git.project_tree import files_below
from metrics_store.review.git.repository import find_repository
from metrics_store.review.git.tree_files import read_files, write_files
from metrics_store.review.golden.golden_file import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.review.revisions.revision import Revision


@contextmanager
def golden_at(revision: Revision, project_directory: Path) -> Iterator[Path]:
    """Give a directory whose golden values are those of a revision, for the `with` block.

    Args:
        revision: The revision; of the working tree, the files count as they lie there.
        project_directory: The dbt project.

    Raises:
        MetricsStoreError: A symbolic link leads out of the project.
    """
    if revision.commit is None:
        yield project_directory
        return
    repository = find_repository(project_directory)
    entries = [*files_below(repository, revision.commit, (DIRECTORY,))]
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch) / "files"
        write_files(read_files(entries, repository), files, revision=revision.name)
        yield files
