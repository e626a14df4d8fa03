"""The metrics by subject, as a caller may see them, and when they were built."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.page_addresses import page
from metrics_store.project.artifacts import read_manifest
from metrics_store.serve.web.catalogue_session import PATH as CATALOGUE

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.engine import Engine


class MetricSubjects:
    """Gives the metrics by subject; dbt's manifest is read once a state of the definitions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: tuple[str, str, dict[str, str]] = ("", "", {})

    def seen_by(self, principal: Principal) -> dict[str, Any]:
        """Give what the front page shows to somebody, as plain values.

        Raises:
            UnavailableError: Nothing is built, or it cannot be read.
        """
        metrics = self._engine.definitions(principal).metrics()
        built_at, files = self._manifest()
        subjects: dict[str, list[dict[str, str]]] = {}
        for metric in sorted(metrics, key=lambda one: one.label.lower()):
            if metric.meta.get("building_block"):
                continue
            subject = PurePosixPath(files.get(metric.name, "")).stem.replace("_", " ")
            subjects.setdefault(subject.capitalize() or "Metrics", []).append(
                {
                    "name": metric.name,
                    "label": metric.label,
                    "description": metric.description,
                    "unit": metric.unit or "",
                    "address": f"{CATALOGUE}/{page('metric', metric.name)}",
                }
            )
        problem = self._engine.problem
        return {
            "built_at": built_at,
            "problem": problem.public() if problem else "",
            "subjects": [
                {"subject": subject, "metrics": found}
                for subject, found in sorted(subjects.items())
            ],
        }

    def _manifest(self) -> tuple[str, dict[str, str]]:
        version = self._engine.data_version
        known, built_at, files = self._read
        if known != version:
            manifest = read_manifest(self._engine.artifacts)
            built_at = str(manifest["metadata"].get("generated_at", ""))
            files = {one["name"]: one["original_file_path"] for one in manifest["metrics"].values()}
            self._read = version, built_at, files
        return built_at, files
