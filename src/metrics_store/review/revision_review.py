"""Reviews one revision against another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.builds.revision_targets import data_of_sides, open_sides
from metrics_store.review.changes.project_review import Review, review
from metrics_store.review.projects.definition_cache import definitions_of_artifacts
from metrics_store.review.revisions.recompiled_artifacts import recompiled
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import Artifacts, artifacts_of_all
from metrics_store.review.values.value_review import ValueReview, value_review

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision import Revision


@dataclass(frozen=True)
class RevisionReview:
    """A review, and the revisions that it is of.

    Attributes:
        review: What changed.
        artifacts: What dbt made of the base and of the head.
    """

    review: Review
    artifacts: tuple[Artifacts, Artifacts]

    @property
    def base(self) -> Revision:
        """The revision before."""
        return self.artifacts[0].revision

    @property
    def head(self) -> Revision:
        """The revision after."""
        return self.artifacts[1].revision


def review_revisions(base: str, head: str | None, target: Target) -> RevisionReview:
    """Compare two revisions of a project.

    Args:
        base: A git revision, or a directory of dbt's artifacts.
        head: Another; none for the files as they lie here.
        target: The target whose dialect the SQL is compiled for.

    Raises:
        MetricsStoreError: There is no such revision, or dbt cannot compile it.
    """
    revisions = [resolve(name, target.project_directory) for name in (base, head)]
    before, after = (recompiled(one, target) for one in artifacts_of_all(revisions, target))
    has_files = all(one.files or one.is_empty for one in (before, after))
    definitions = [definitions_of_artifacts(one, by_content=has_files) for one in (before, after)]
    dialect = target.adapter_type
    return RevisionReview(review(definitions[0], definitions[1], dialect), (before, after))


def value_diff_of(
    reviewed: RevisionReview, file: Path | None, target: Target, *, live: bool = False
) -> ValueReview:
    """Build both revisions of a review on the same data, and compare their values.

    Args:
        reviewed: The review.
        file: A DuckDB file with the raw tables; none for what `review.yml` says. The raw tables of
            a PostgreSQL target are read where they lie.
        target: The target as it stands, of type duckdb or postgres; nothing live is changed.
        live: Whether to build on the live warehouse's raw tables, whatever `review.yml` says.

    Raises:
        MetricsStoreError: A side cannot be built.
    """
    data = data_of_sides(reviewed.artifacts, target, file, live=live)
    with open_sides(reviewed.artifacts, target, data) as (before, after):
        return ValueReview(data.description, value_review(reviewed.review, before, after))
