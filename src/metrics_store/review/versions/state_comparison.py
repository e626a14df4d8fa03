"""Compares two states of the definitions in git; what dbt makes of each is made once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.review.changes.change_causes import with_causes
from metrics_store.review.changes.change_document import change_document, meaning_of
from metrics_store.review.changes.definition_comparison import compare
from metrics_store.review.changes.model_changes import changed_models
from metrics_store.review.definitions.definition import Kind
from metrics_store.review.projects.definition_cache import definitions_of_artifacts
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.revisions.revision_artifacts import artifacts_of, artifacts_of_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision import Revision


def compile_side_by_side(revisions: Sequence[Revision], target: Target) -> None:
    """Have dbt compile revisions; one that it cannot compile keeps no other from it."""
    try:
        artifacts_of_all(revisions, target)
    except MetricsStoreError:
        if len(revisions) > 1:
            for one in revisions:
                with suppress(MetricsStoreError):
                    artifacts_of(one, target)


def read_definitions(revision: Revision, target: Target) -> ProjectDefinitions:
    """Read the definitions of a revision.

    Raises:
        MetricsStoreError: dbt cannot compile it, or the definitions cannot be understood.
    """
    return definitions_of_artifacts(artifacts_of(revision, target))


def metric_changes(
    before: ProjectDefinitions | None, after: ProjectDefinitions, dialect: str
) -> list[dict[str, Any]]:
    """Give the changes of metrics as plain values, each with what the metric meant from then on.

    Args:
        before: The definitions before; none where there were none.
        after: The definitions after.
        dialect: The dialect of the models' SQL.
    """
    return list(_metric_changes(before or ProjectDefinitions(), after, dialect))


def _metric_changes(
    before: ProjectDefinitions, after: ProjectDefinitions, dialect: str
) -> Iterator[dict[str, Any]]:
    models = changed_models(before, after, dialect)
    for change in with_causes(compare(before, after), before, after, models):
        if change.kind is Kind.METRIC:
            yield {**change_document(change), "meaning": meaning_of(change.definition)}
