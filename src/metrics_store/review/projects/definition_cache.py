"""The cached definitions of a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from metrics_store.review.definitions.definition import fingerprint
from metrics_store.review.directory_cache import DirectoryCache, default_directory
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.relations import ALGORITHM_VERSION

if TYPE_CHECKING:
    from metrics_store.review.revisions.revision_artifacts import Artifacts

# It rises when the same project is read otherwise.
_READER_VERSION = 5
_FILE = "definitions.json"
_FORM = TypeAdapter(ProjectDefinitions)


def definitions_of_artifacts(
    artifacts: Artifacts, *, by_content: bool = True
) -> ProjectDefinitions:
    """Give the definitions of a revision, from the cache where they are in it.

    Args:
        artifacts: What dbt made of the revision.
        by_content: Whether seeds are read, or only told by their checksums: what is compared is
            read one way.

    Raises:
        MetricsStoreError: The definitions cannot be understood.
    """
    if artifacts.is_empty or artifacts.directory is None:
        return ProjectDefinitions(is_empty=True)
    cache = DirectoryCache(default_directory() / "definitions", most=500, most_bytes=1024**3)
    inputs = artifacts.directory.name if artifacts.files else artifacts.revision.key
    key = fingerprint(inputs, _READER_VERSION, ALGORITHM_VERSION, by_content)
    cached = cache.find(key)
    if cached is not None:
        try:
            return _FORM.validate_json((cached / _FILE).read_bytes())
        except (OSError, ValidationError):
            # What is broken is read again.
            pass
    # Who finds it cached need not wait for MetricFlow.
    from metrics_store.review.projects.project_reader import read_project  # noqa: PLC0415

    read = read_project(
        artifacts.manifest, artifacts.semantic_manifest, artifacts.files, by_content=by_content
    )
    with cache.unfinished() as directory:
        (directory / _FILE).write_bytes(_FORM.dump_json(read))
        cache.store(directory, key)
    return read
