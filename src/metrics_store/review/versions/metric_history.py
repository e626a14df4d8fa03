"""What a metric meant at any time, read out of git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.review.changes.change import Action
from metrics_store.review.changes.change_causes import with_causes
from metrics_store.review.changes.definition_comparison import compare
from metrics_store.review.changes.model_changes import changed_models
from metrics_store.review.definitions.definition import Kind
from metrics_store.review.git.commit_log import first_parents
from metrics_store.review.projects.definition_cache import definitions_of_artifacts
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import artifacts_of_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from metrics_store.project.profile import Target
    from metrics_store.review.changes.change import Change
    from metrics_store.review.revisions.revision import Revision

# Two are compiled at a time; the cost of a failure is the rest of its batch, one by one.
_TOGETHER = 4


@dataclass(frozen=True)
class Event:
    """One change of a metric.

    Attributes:
        revision: The revision that brought it.
        change: What changed; its definition is what held from then on.
    """

    revision: Revision
    change: Change


@dataclass(frozen=True)
class State:
    """The definitions at a revision.

    Attributes:
        revision: The revision.
        definitions: What is defined; none where dbt cannot read the revision.
    """

    revision: Revision
    definitions: ProjectDefinitions | None


def revisions_of_definitions(target: Target, since: datetime | None = None) -> list[Revision]:
    """Give the revisions of the main line at which what dbt reads changed, the oldest first.

    Cost: a look at git's trees for each commit.
    """
    found: list[Revision] = []
    for commit in first_parents(target.project_directory, since):
        revision = resolve(commit, target.project_directory)
        if not found or found[-1].key != revision.key:
            found.append(revision)
    return found


def states(
    revisions: Sequence[Revision], target: Target, progress: Callable[[int], None]
) -> Iterator[State]:
    """Read the definitions at each revision; what was read before is kept.

    Cost: a run of dbt for each revision that was never read.
    """
    for start in range(0, len(revisions), _TOGETHER):
        batch = revisions[start : start + _TOGETHER]
        yield from _read(batch, target)
        progress(len(batch))


def _read(batch: Sequence[Revision], target: Target) -> list[State]:
    try:
        artifacts = artifacts_of_all(batch, target)
        return [State(one.revision, definitions_of_artifacts(one)) for one in artifacts]
    except MetricsStoreError:
        if len(batch) == 1:
            return [State(batch[0], None)]
    return [state for one in batch for state in _read([one], target)]


def events(states: Sequence[State], metric: str, dialect: str) -> list[Event]:
    """Give the changes of a metric, the newest first; under its older names too.

    Args:
        states: The states of the definitions, the oldest first.
        metric: Its name today.
        dialect: The dialect of the models' SQL.

    Raises:
        NotFoundError: It never was defined.
    """
    found = all_events(states, dialect)
    if metric in found:
        return found[metric]
    for name, of_name in found.items():
        if any(one.change.old and one.change.old.name == metric for one in of_name):
            raise NotFoundError(
                f"{metric} has another name today", remedy=f"run `metrics changelog {name}`"
            )
    raise NotFoundError(f"there never was a metric {metric} in this project's history")


def all_events(states: Sequence[State], dialect: str) -> dict[str, list[Event]]:
    """Give the changes of every metric that there ever was, the newest first.

    One that was renamed has its older changes under its newer name.

    Cost: one comparison for each state, and reading again the SQL of the models that changed.
    """
    found: dict[str, list[Event]] = {}
    before = ProjectDefinitions()
    for state in states:
        if state.definitions is None:
            continue
        models = changed_models(before, state.definitions, dialect)
        changes = compare(before, state.definitions)
        for change in with_causes(changes, before, state.definitions, models):
            if change.kind is not Kind.METRIC:
                continue
            if change.action is Action.RENAMED and change.old is not None:
                found[change.name] = found.pop(change.old.name, [])
            found.setdefault(change.name, []).insert(0, Event(state.revision, change))
        before = state.definitions
    return found
