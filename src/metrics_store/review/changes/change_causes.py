"""Why a definition's values can differ: its inputs, and the models upstream."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.review.changes.change import Change
    from metrics_store.review.changes.model_changes import ModelChange
    from metrics_store.review.projects.project_definitions import ProjectDefinitions


def with_causes(
    changes: Sequence[Change],
    base: ProjectDefinitions,
    head: ProjectDefinitions,
    models: Sequence[ModelChange],
) -> list[Change]:
    """Add to each change the inputs and models that cause it."""
    changing_models = {one.identity: one.name for one in models if one.can_change_values}
    differing = {name for one in changes if one.values_can_differ for name in one.identities}
    return [_with_causes(change, base, head, changing_models, differing) for change in changes]


def _with_causes(
    change: Change,
    base: ProjectDefinitions,
    head: ProjectDefinitions,
    changing_models: dict[str, str],
    differing: set[str],
) -> Change:
    if not change.values_can_differ or not any(one.is_inherited for one in change.fields):
        return change
    upstream: set[str] = set()
    used: set[str] = set()
    for project, definition in ((base, change.old), (head, change.new)):
        if definition is not None:
            upstream |= project.upstream_models(definition)
            used.update(definition.uses)
    return dataclasses.replace(
        change,
        changed_models=tuple(
            sorted(changing_models[one] for one in upstream & changing_models.keys())
        ),
        changed_inputs=tuple(sorted(used & differing)),
    )
