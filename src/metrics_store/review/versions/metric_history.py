"""What a metric meant at any time, read out of git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.review.changes.change import Action
from metrics_store.review.git.commit_log import first_parents
from metrics_store.review.git.definition_commits import DefinitionCommit, definition_commits
from metrics_store.review.git.repository import find_repository
from metrics_store.review.revisions.revision import Revision
from metrics_store.review.revisions.revision_files import SnapshotReader
from metrics_store.review.settings import read_settings
from metrics_store.review.versions.kept_steps import KeptSteps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from metrics_store.project.profile import Target
    from metrics_store.review.projects.project_definitions import ProjectDefinitions

# Two are compiled at a time; the cost of a failure is the rest of its batch, one by one.
_TOGETHER = 4
_NO_PROJECT = "no project"


@dataclass(frozen=True)
class Step:
    """A revision of the definitions, and what it changed.

    Attributes:
        revision: The revision.
        changes: The changes of metrics since the last one that could be read, as plain values;
            none where dbt cannot read this one.
    """

    revision: Revision
    changes: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Event:
    """One change of a metric.

    Attributes:
        revision: The revision that brought it.
        change: What changed, as plain values, with what held from then on.
    """

    revision: Revision
    change: dict[str, Any]


def commits_of_definitions(target: Target, since: datetime | None = None) -> list[DefinitionCommit]:
    """Give the commits of the main line at which what dbt reads changed, the oldest first.

    Raises:
        MetricsStoreError: The project is in no git repository.
    """
    repository = find_repository(target.project_directory)
    return definition_commits(repository, first_parents(target.project_directory, since))


def read_steps(
    commits: Sequence[DefinitionCommit], target: Target, progress: Callable[[int], None]
) -> Iterator[Step]:
    """Give what each commit changed; what was compared before is kept.

    Cost: a run of dbt for each commit that was never read, and one reading of two states for each
    step that was never taken.
    """
    states = _States(commits, target)
    before: int | None = None
    for position, revision in enumerate(states.revisions):
        try:
            step = Step(revision, states.changes(before, position))
            before = position
        except MetricsStoreError:
            step = Step(revision, None)
        yield step
        progress(1)


class _States:
    """The states of the definitions at commits.

    Args:
        commits: The commits, the oldest first.
        target: The target whose dialect the SQL is compiled for.
    """

    def __init__(self, commits: Sequence[DefinitionCommit], target: Target) -> None:
        self._target = target
        self._kept = KeptSteps(target.adapter_type)
        self._commits = commits
        self.revisions = [_revision(one) for one in commits]
        self._keys = self._read_keys()
        self._definitions: tuple[int, ProjectDefinitions] | None = None

    def changes(self, before: int | None, after: int) -> list[dict[str, Any]]:
        """Give what changed from one state to another.

        Raises:
            MetricsStoreError: The later one cannot be read.
        """
        key = self._keys[after]
        if isinstance(key, MetricsStoreError):
            raise key

        def compare() -> list[dict[str, Any]]:
            # Who finds all steps kept need not wait for MetricFlow.
            from metrics_store.review.versions.state_comparison import metric_changes  # noqa: PLC0415

            old = None if before is None else self._read(before)
            new = self._read(after)
            self._definitions = (after, new)
            return metric_changes(old, new, self._target.adapter_type)

        return self._kept.step(self._key(before), key, compare)

    def _read_keys(self) -> list[str | MetricsStoreError]:
        """Give for each state the key of what dbt makes of it, or why there is none."""
        trees = [one.tree for one in self._commits if one.tree is not None]
        target = self._target
        variables = read_settings(target.project_directory).data.vars
        repository = find_repository(target.project_directory)
        reader = SnapshotReader(repository, target, variables, trees)
        keys: list[str | MetricsStoreError] = []
        for one in self._commits:
            if one.tree is None:
                keys.append(MetricsStoreError("the project's file is broken"))
                continue
            try:
                snapshot = reader.snapshot(one.commit.hash, one.tree)
                keys.append(_NO_PROJECT if snapshot is None else snapshot.key)
            except MetricsStoreError as error:
                keys.append(error)
        return keys

    def _key(self, position: int | None) -> str:
        return "" if position is None else str(self._keys[position])

    def _read(self, position: int) -> ProjectDefinitions:
        from metrics_store.review.versions import state_comparison  # noqa: PLC0415 - as above

        if self._definitions is not None and self._definitions[0] == position:
            return self._definitions[1]
        together = range(position, min(position + _TOGETHER, len(self.revisions)))
        wanted = [one for one in together if one == position or not self._is_kept(one)]
        revisions = [self.revisions[one] for one in wanted]
        state_comparison.compile_side_by_side(revisions, self._target)
        return state_comparison.read_definitions(self.revisions[position], self._target)

    def _is_kept(self, position: int) -> bool:
        """Whether a state need not be read, for all that can be told before it is."""
        return isinstance(self._keys[position], MetricsStoreError) or self._kept.has(
            self._key(position - 1), self._key(position)
        )


def _revision(one: DefinitionCommit) -> Revision:
    key = "" if one.tree is None else one.tree.key
    return Revision(one.commit.hash, one.commit.hash, key, one.commit.date, one.commit.hash)


def events(steps: Sequence[Step], metric: str) -> list[Event]:
    """Give the changes of a metric, the newest first; under its older names too.

    Args:
        steps: The steps of the history, the oldest first.
        metric: Its name today.

    Raises:
        NotFoundError: It never was defined.
    """
    found = all_events(steps)
    if metric in found:
        return found[metric]
    for name, of_name in found.items():
        if any(one.change["old_name"] == metric for one in of_name):
            raise NotFoundError(
                f"{metric} has another name today", remedy=f"run `metrics changelog {name}`"
            )
    raise NotFoundError(f"there never was a metric {metric} in this project's history")


def all_events(steps: Sequence[Step]) -> dict[str, list[Event]]:
    """Give the changes of every metric that there ever was, the newest first.

    One that was renamed has its older changes under its newer name.
    """
    found: dict[str, list[Event]] = {}
    for step in steps:
        for change in step.changes or ():
            if change["action"] == Action.RENAMED.value:
                found[change["name"]] = found.pop(change["old_name"], [])
            found.setdefault(change["name"], []).insert(0, Event(step.revision, change))
    return found
