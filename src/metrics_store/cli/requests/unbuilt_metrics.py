"""Metrics that stand in the project's files and are not built yet."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.location import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNKNOWN = "there is no such metric"


def explained(error: MetricsStoreError, project: Path, artifacts: Path) -> MetricsStoreError:
    """Give the error for an unknown metric that says so where only the project's files have it.

    Args:
        error: Any error.
        project: The directory of the dbt project.
        artifacts: The directory with dbt's manifests of what is built.
    """
    if error.what != _UNKNOWN or error.where in _built(artifacts):
        return error
    declared = re.compile(rf"^\s*(?:-\s*)?\{{?\s*(?:-\s*)?name:\s*[\"']?{re.escape(error.where)}\b")
    for file in _files(project):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        number = next((n for n, line in enumerate(lines, 1) if declared.match(line)), None)
        if number is not None and any(line.startswith("metrics:") for line in lines[:number]):
            return MetricsStoreError(
                "the metric stands in the project and is not built yet",
                where=f"{error.where}, in {file.relative_to(project)} line {number}",
                remedy="run `metrics build`",
            )
    return error


def _built(artifacts: Path) -> set[str]:
    content = json.loads((artifacts / SEMANTIC_MANIFEST).read_bytes())
    return {metric["name"] for metric in content["metrics"]}


def _files(project: Path) -> Iterator[Path]:
    """Give the YAML files in which dbt looks for metrics."""
    import yaml

    settings = yaml.safe_load((project / PROJECT_FILE).read_text(encoding="utf-8")) or {}
    for directory in settings.get("model-paths", ["models"]):
        for ending in ("*.yml", "*.yaml"):
            yield from sorted((project / directory).rglob(ending))
