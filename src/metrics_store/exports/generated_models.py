"""The models that saved queries declare, as files; what they were last is kept beside dbt's."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.exports.export_sources import read_sources
from metrics_store.project.kept_result import kept_result, key_of
from metrics_store.project.program_digest import program_digest

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.exports.export_sources import ExportSources

_KEPT = "generated_models.json"


@dataclass(frozen=True)
class GeneratedModels:
    """Files by name, and what they are of.

    Attributes:
        exports: The files of exports.
        rollups: The files of roll-ups.
        export_count: How many exports there are.
        rollup_count: How many roll-ups there are.
    """

    exports: dict[str, str]
    rollups: dict[str, str]
    export_count: int
    rollup_count: int


def generated_models(artifacts: Path, *, default_schema: str) -> GeneratedModels:
    """Give all that is generated from the saved queries of a project.

    It is planned anew where anything differs that the plans are made of, this program included.

    Args:
        artifacts: The directory with dbt's manifests.
        default_schema: The target's own schema, which dbt fills in where an export names none.

    Raises:
        MetricsStoreError: What is declared cannot be planned.
    """
    sources = read_sources(artifacts)
    key = key_of(program_digest(), default_schema, dataclasses.asdict(sources))
    kept = kept_result(
        artifacts / _KEPT, key, lambda: dataclasses.asdict(_planned(sources, default_schema))
    )
    return GeneratedModels(**kept)


def _planned(sources: ExportSources, default_schema: str) -> GeneratedModels:
    # Who finds all as it was need not wait for MetricFlow.
    from metrics_store.exports.export_files import exported_files  # noqa: PLC0415
    from metrics_store.exports.export_reader import read_exports  # noqa: PLC0415
    from metrics_store.exports.rollup_files import rollup_files  # noqa: PLC0415
    from metrics_store.exports.rollup_reader import read_rollups  # noqa: PLC0415

    exports = read_exports(sources, default_schema=default_schema)
    rollups = read_rollups(sources)
    return GeneratedModels(
        exported_files(exports), rollup_files(rollups), len(exports), len(rollups)
    )
