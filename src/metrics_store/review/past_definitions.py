"""Definitions of an earlier revision for requests on today's data."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.review.changes.model_changes import changed_models
from metrics_store.review.git.commit_log import last_commit_before
from metrics_store.review.projects.definition_cache import definitions_of_artifacts
from metrics_store.review.report.sentences import listed
from metrics_store.review.revisions.recompiled_artifacts import recompiled
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import artifacts_of
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.review.changes.model_changes import ModelChange
    from metrics_store.review.definitions.definition import Definition
    from metrics_store.review.projects.project_definitions import ProjectDefinitions
    from metrics_store.review.revisions.revision import Revision
    from metrics_store.review.revisions.revision_artifacts import Artifacts

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SHORT = 8


@dataclass(frozen=True)
class PastDefinitions:
    """The definitions of an earlier revision, for requests on today's data.

    Attributes:
        artifacts: The directory with dbt's manifests of that time.
        notices: What whoever reads the answer must know.
    """

    artifacts: Path
    notices: tuple[str, ...]


def as_defined_at(moment: str, request: MetricRequest, target: Target) -> PastDefinitions:
    """Find the definitions of a day or revision, and notices on how they fit today's data.

    Args:
        moment: A day, of which the last definitions count (UTC), or a git revision.
        request: What is asked of them.
        target: The target whose data is asked.

    Raises:
        NotFoundError: There is no such revision, or nothing was defined yet on that day.
        MetricsStoreError: What is asked was not defined, or today's marts lack what it reads.
    """
    revision = _revision(moment, target)
    past = artifacts_of(revision, target)
    if past.directory is None:
        raise MetricsStoreError(
            f"{moment} has no dbt project, so that nothing was defined",
            where=_display_name(revision),
        )
    names = _metrics(request, past.semantic_manifest, revision)
    live = _live(target)
    # Of artifacts alone there are no files: seeds are told by their checksums on both sides.
    has_files = live.files is not None
    old, today = (definitions_of_artifacts(one, by_content=has_files) for one in (past, live))
    changed = {one.identity: one for one in changed_models(old, today, target.adapter_type)}
    metrics_by_notice: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for notice in _notices(old.metrics[name], old, today, changed):
            metrics_by_notice[notice].append(_with_version(old.metrics[name]))
    notices = [f"{listed(those)}: {notice}" for notice, those in metrics_by_notice.items()]
    return PastDefinitions(past.directory, (f"as defined at {_display_name(revision)}", *notices))


def _revision(moment: str, target: Target) -> Revision:
    if not _DAY.fullmatch(moment):
        return resolve(moment, target.project_directory)
    try:
        day = dt.date.fromisoformat(moment)
    except ValueError:
        raise MetricsStoreError(
            "there is no such day", where=moment, expected="a day such as 2026-01-31"
        ) from None
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    commit = last_commit_before(target.project_directory, end - dt.timedelta(seconds=1))
    return resolve(commit, target.project_directory)


def _live(target: Target) -> Artifacts:
    """Give what dbt makes of the definitions that belong to the warehouse that is asked."""
    directory = find_live_warehouse(target).artifacts
    revision = resolve(str(directory), target.project_directory)
    return recompiled(artifacts_of(revision, target), target)


def _display_name(revision: Revision) -> str:
    commit = (revision.commit or "")[:_SHORT]
    day = f"{revision.date:%Y-%m-%d}" if revision.date else ""
    known = [one for one in (commit, day) if one]
    return ", ".join(known) or revision.name


def _metrics(request: MetricRequest, past: dict[str, Any], revision: Revision) -> Sequence[str]:
    """Give the requested metrics, all of which were defined then."""
    names = [name.lower() for name in request.metrics]
    for saved in past["saved_queries"]:
        if saved["name"] == request.saved_query:
            names = saved["query_params"]["metrics"]
    defined = {metric["name"] for metric in past["metrics"]}
    for name in names:
        if name not in defined:
            raise MetricsStoreError(
                f"there was no metric {name} then",
                where=_display_name(revision),
                remedy=f"`metrics changelog {name}` tells when it came, and under which name",
            )
    return names


def _notices(
    past: Definition,
    old: ProjectDefinitions,
    today: ProjectDefinitions,
    changed: dict[str, ModelChange],
) -> Iterator[str]:
    """Give the notices on a past metric over today's marts."""
    upstream = old.upstream_models(past)
    missing = sorted(
        one.name
        for identity, one in changed.items()
        if identity in upstream and one.action == "removed" and identity in past.models
    )
    if missing:
        raise MetricsStoreError(
            f"{past.name} as it was then cannot be asked: today's marts lack {', '.join(missing)}",
            where=past.file,
            remedy="build the project as it was then in a directory of its own, and ask that",
        )
    now = today.metrics.get(past.name)
    if now is None:
        yield "not defined today"
    elif now.fingerprint == past.fingerprint:
        yield "the same meaning today"
        return
    differing = sorted(
        one.name
        for identity, one in changed.items()
        if identity in upstream and one.can_change_values
    )
    if differing:
        yield (
            "the definition of then on marts that have changed since "
            f"({', '.join(differing)}), so that the answer may differ from what was shown then"
        )
    elif now is not None:
        yield "another meaning today"


def _with_version(metric: Definition) -> str:
    version = metric.meta.get("version")
    return f"{metric.name} {version}" if version else metric.name
