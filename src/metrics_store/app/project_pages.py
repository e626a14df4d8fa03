"""The pages that stand beside a project's definitions, in its directory `app`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import find_project_directory

if TYPE_CHECKING:
    from pathlib import Path

DIRECTORY = "app"


def project_pages() -> list[tuple[Path, str]]:
    """Give the files of the project's own pages with their titles, in order of their names.

    Each `app/*.py` of the project is a page; what pages share stands in directories beside them.
    """
    try:
        directory = find_project_directory().joinpath(DIRECTORY)
    except MetricsStoreError:
        # Whoever looks at a server needs no project.
        return []
    files = sorted(directory.glob("[!_]*.py"))
    if files and str(directory) not in sys.path:
        sys.path.append(str(directory))
    return [(path, path.stem.replace("_", " ").title()) for path in files]
