"""The location of the dbt project."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from metrics_store.errors import MetricsStoreError

PROJECT_FILE = "dbt_project.yml"


def find_project_directory(start: Path | None = None) -> Path:
    """Give the directory of the dbt project.

    It is `DBT_PROJECT_DIR` where that is set, else the nearest directory at or above `start`
    (by default the working directory) that holds a `dbt_project.yml`.

    Raises:
        MetricsStoreError: There is no such directory.
    """
    named = os.environ.get("DBT_PROJECT_DIR")
    if named:
        directory = Path(named).resolve()
        if (directory / PROJECT_FILE).is_file():
            return directory
        raise MetricsStoreError(
            f"DBT_PROJECT_DIR names a directory without a {PROJECT_FILE}",
            where=named,
            remedy="point DBT_PROJECT_DIR at the dbt project, or unset it",
        )
    here = (start or Path.cwd()).resolve()
    for directory in (here, *here.parents):
        if (directory / PROJECT_FILE).is_file():
            return directory
    raise MetricsStoreError(
        "this is not inside a dbt project",
        where=str(here),
        expected=f"a {PROJECT_FILE} here or in a directory above",
        remedy="change to the project's directory, or set DBT_PROJECT_DIR",
    )


def project_directory(directory: Path) -> Path:
    """Give the directory of a dbt project that was named, absolute.

    Raises:
        MetricsStoreError: It is none.
    """
    if not (directory / PROJECT_FILE).is_file():
        raise MetricsStoreError(
            "this is not a dbt project", where=str(directory), expected=f"a {PROJECT_FILE} in it"
        )
    return directory.resolve()


def model_directory(project_directory: Path) -> Path:
    """Give the project's first directory of models."""
    content = yaml.safe_load((project_directory / PROJECT_FILE).read_text(encoding="utf-8"))
    paths: list[str] = content.get("model-paths") or ["models"]
    return project_directory / paths[0]
