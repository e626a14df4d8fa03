"""The files of a project's custom fields, as they are to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.fields.field_checks import check_fields
from metrics_store.fields.field_files import GENERATED, field_files
from metrics_store.fields.field_models import field_models
from metrics_store.fields.field_places import read_places
from metrics_store.project.artifacts import parse_project, read_manifest
from metrics_store.project.written_files import WrittenFiles

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target


def _manifest(target: Target, directory: Path, *, check: bool) -> dict[str, Any]:
    """Read the project, and without the generated files where it cannot be read with them.

    One that describes a model whose entity has lost its last field keeps dbt from reading it.
    """
    try:
        return read_manifest(parse_project(target))
    except MetricsStoreError as error:
        old = {
            path: path.read_text(encoding="utf-8")
            for path in WrittenFiles(directory, {}, GENERATED).stale()
        }
        if check and old:
            error.remedy += "; if it names a model of custom fields, run `metrics fields`"
        if check or not old:
            raise
        for path in old:
            path.unlink()
        try:
            return read_manifest(parse_project(target))
        finally:
            # What is not wanted any more goes when the others are written.
            for path, text in old.items():
                path.write_text(text, encoding="utf-8")


def wanted_files(target: Target, directory: Path, *, check: bool) -> WrittenFiles:
    """Give the generated files of a project's custom fields.

    Args:
        target: The target whose project it is.
        directory: Where the files lie.
        check: Whether nothing is to be written.

    Raises:
        MetricsStoreError: The list is not right; the message names its line.
    """
    places = read_places(target.project_directory)
    check_fields(places)
    if not any(places.counts.values()):
        files = WrittenFiles(directory, {}, GENERATED)
        if check or files.stale():
            return files
    manifest = _manifest(target, directory, check=check)
    return WrittenFiles(directory, field_files(field_models(manifest, places)), GENERATED)
