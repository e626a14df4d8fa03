"""All that changed between two revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.changes.change_causes import with_causes
from metrics_store.review.changes.definition_comparison import compare
from metrics_store.review.changes.impact import Impact, impacts
from metrics_store.review.changes.model_changes import ModelChange, changed_models
from metrics_store.review.changes.tier import Tier
from metrics_store.review.definitions.definition import Kind

if TYPE_CHECKING:
    from metrics_store.review.changes.change import Change
    from metrics_store.review.projects.project_definitions import ProjectDefinitions


@dataclass(frozen=True)
class Review:
    """What a change of a project means.

    Attributes:
        base: The definitions before.
        head: The definitions after.
        changes: Every definition that differs, the most important first.
        models: The models whose own SQL changed.
        impacts: Whom that concerns.
    """

    base: ProjectDefinitions
    head: ProjectDefinitions
    changes: tuple[Change, ...]
    models: tuple[ModelChange, ...]
    impacts: tuple[Impact, ...]

    @property
    def tier(self) -> Tier:
        """The greatest tier among the changes, and among what they do to those who read models."""
        tiers = [one.tier for one in self.changes] + [one.tier for one in self.impacts]
        return max(tiers, default=Tier.NONE)

    @property
    def metrics(self) -> tuple[Change, ...]:
        """The changes of metrics."""
        return tuple(change for change in self.changes if change.kind is Kind.METRIC)

    @property
    def unchanged_metrics(self) -> tuple[str, ...]:
        """The metrics that are on both sides and always give the same."""
        return tuple(
            name
            for name, old in self.base.metrics.items()
            if name in self.head.metrics and self.head.metrics[name].fingerprint == old.fingerprint
        )


def review(base: ProjectDefinitions, head: ProjectDefinitions, dialect: str) -> Review:
    """Compare two projects."""
    models = changed_models(base, head, dialect)
    changes = with_causes(compare(base, head), base, head, models)
    return Review(
        base, head, tuple(changes), tuple(models), tuple(impacts(base, head, changes, models))
    )
